import type { FastifyRequest } from 'fastify';
import type { Caller, ModelVersion } from '#engine';
import { listed, NestorError, quote } from '#errors';
import { isObject, type RowReader, type Rows } from '#features';
import { bodyBytes, jsonText, parseJson } from '../http/body.ts';
import { onlyColumn } from '../http/row-predictions.ts';
import { mediaTypeOf } from './media-type.ts';

const FORMATS = ['dataframe_split', 'dataframe_records', 'instances', 'inputs'] as const;
type Format = (typeof FORMATS)[number];

/**
 * Reads the rows of a request to `/invocations`: CSV with a header, or a JSON object with one of the formats. `params`
 * must be empty, because an ONNX graph has none.
 *
 * @throws NestorError EMPTY_BODY, MALFORMED_BODY, UNSUPPORTED_MEDIA_TYPE, UNSUPPORTED_PARAMETER, INVALID_REQUEST, and
 * the reader's errors
 */
export function readScoringRequest(
  request: FastifyRequest,
  model: ModelVersion,
  gone: Caller['gone'],
): Rows | Promise<Rows> {
  const { reader } = model;
  const type = mediaTypeOf(request.headers['content-type']);
  if (type === 'text/csv') return reader.readCsv(bodyBytes(request.body as Buffer | undefined));
  const { format, data } = contentOf(parsePythonJson(jsonText(request), reader));
  const pictures = model.readPictures(format === 'inputs' ? onlyColumn(data) : data, gone);
  if (pictures !== undefined) return pictures;
  switch (format) {
    case 'dataframe_split':
      return readSplit(data, reader);
    case 'inputs':
      return reader.readInputs(data);
    default:
      return reader.read({ [format]: data });
  }
}

/** Reads a bare NaN as null: Python's `json` writes missing values so, although it is not valid JSON. */
function parsePythonJson(text: string, { parse }: RowReader): unknown {
  try {
    return parse(text);
  } catch {
    let quoted = false;
    return parseJson(
      text.replace(/\\.|"|\bNaN\b/g, (token) => {
        if (token === '"') quoted = !quoted;
        return token === 'NaN' && !quoted ? 'null' : token;
      }),
      parse,
    );
  }
}

function contentOf(request: unknown): { format: Format; data: unknown } {
  const expected = `a JSON object with exactly one of ${FORMATS.join(', ')} is expected`;
  if (!isObject(request))
    throw invalid(`The body is ${Array.isArray(request) ? 'a list' : 'not an object'}; ${expected}.`);
  const { params, ...formats } = request;
  if (isObject(params) ? Object.keys(params).length > 0 : (params ?? null) !== null) {
    throw new NestorError(
      'UNSUPPORTED_PARAMETER',
      '"params" are not supported: the model takes rows only. Leave them out.',
    );
  }
  const [format, ...others] = Object.keys(formats);
  if (others.length === 0 && isFormat(format)) return { format, data: formats[format] };
  throw invalid(`The body has ${listed(Object.keys(formats), quote) || 'none'}; ${expected}.`);
}

/**
 * Reads rows without columns by position. A model whose only feature is a list gets its rows by position too: MLflow's
 * servers ignore the names of a DataFrame's columns for such models.
 */
function readSplit(split: unknown, reader: RowReader): Rows {
  if (isObject(split) && Array.isArray(split.data)) {
    const { columns, index, data, ...others } = split;
    const [only, second] = reader.features;
    // For a model with unnamed columns, `read` handles a table's columns in every protocol.
    const isList = second === undefined && only?.shape.length === 1 && only.byPosition !== true;
    const named = Array.isArray(columns) && !(isList && !columns.includes(only.name));
    const isIndex = index === undefined || (Array.isArray(index) && index.length === data.length);
    if (!named && (columns === undefined || isList) && isIndex && Object.keys(others).length === 0)
      return reader.readInstances(data);
  }
  return reader.read({ dataframe_split: split });
}

const isFormat = (key: string | undefined): key is Format => (FORMATS as readonly unknown[]).includes(key);

const invalid = (detail: string): NestorError => new NestorError('INVALID_REQUEST', detail);
