import type { FastifyRequest } from 'fastify';
import type { Caller, ModelVersion } from '#engine';
import { NestorError, quote } from '#errors';
import {
  firstColumn,
  isObject,
  itemsOf,
  type JsonObject,
  membersOf,
  type RowReader,
  type Rows,
  startOf,
} from '#features';
import { jsonText, parseJson } from '../http/body.ts';
import { onlyColumn } from '../http/row-predictions.ts';

/** In TensorFlow Serving `signature_name` selects the graph to run. It is ignored: an ONNX model has one graph. */
const MEMBERS = new Set(['instances', 'inputs', 'signature_name']);
const FORMS = '{"instances": […]} with one item per row, or {"inputs": …} with columns by name or a list of rows';

/**
 * Reads the rows of a predict request of KServe's V1 protocol. An instance is a record, a list of values in the order of
 * the features, the value of a single input, or a small DataFrame (column → list, or column → index label → value), the
 * form that KServe's own servers use. The body is JSON, whatever its content type: KServe's curl examples set none. An
 * image model accepts pictures in TensorFlow Serving's form, `{"b64": "<base64>"}`.
 *
 * @throws NestorError EMPTY_BODY, MALFORMED_BODY, INVALID_REQUEST, and the reader's errors
 */
export function readPredictRequest(
  sent: FastifyRequest,
  model: ModelVersion,
  gone: Caller['gone'],
): Rows | Promise<Rows> {
  const { reader } = model;
  const text = jsonText(sent);
  const request = parseJson(text, reader.parse);
  if (!isObject(request)) throw invalid(`The body is not an object. Send ${FORMS}.`);
  const strange = Object.keys(request).find((key) => !MEMBERS.has(key));
  if (strange !== undefined) throw invalid(`${quote(strange)} is not a member of this request. Send ${FORMS}.`);
  const { instances, inputs } = request;
  if ((instances === undefined) === (inputs === undefined)) throw invalid(`Send exactly one of ${FORMS}.`);
  const pictures = model.readPictures(instances ?? onlyColumn(inputs), gone);
  if (pictures !== undefined) return pictures;
  if (instances === undefined) return reader.readInputs(inputs);
  if (!Array.isArray(instances)) throw invalid('"instances" is not a list. Send one item per row.');
  return reader.readInstances(rowsOf(instances, text, reader));
}

type Frame = Readonly<Record<string, JsonObject | readonly unknown[]>>;

/** Tells a DataFrame from a record: a feature's value is never an object, and only a tensor's value is a list. */
function isFrame(instance: unknown, reader: RowReader): instance is Frame {
  if (!isObject(instance)) return false;
  const columns = Object.values(instance);
  const scalars =
    reader.features.every(({ shape }) => shape.length === 0) || reader.areByPosition(Object.keys(instance));
  return columns.length > 0 && columns.every((column) => isObject(column) || (scalars && Array.isArray(column)));
}

/** Replaces each small DataFrame by its rows, in the order of the text. */
function rowsOf(instances: readonly unknown[], text: string, reader: RowReader): readonly unknown[] {
  if (!instances.some((instance) => isFrame(instance, reader))) return instances;
  // Of several members with the same name the last counts, as in the parsed body.
  const { at } = [...membersOf(text, startOf(text))].findLast(({ name }) => name === 'instances')!;
  const starts = [...itemsOf(text, at)];
  return instances.flatMap((instance, row) =>
    isFrame(instance, reader) ? recordsOf(instance, firstColumn(text, starts[row]).labels) : [instance],
  );
}

/** The rows of a small DataFrame, one for each label of its first column's index. */
function recordsOf(frame: Frame, labels: readonly string[]): JsonObject[] {
  const columns = Object.entries(frame as Readonly<Record<string, JsonObject>>);
  for (const [name, cells] of columns) {
    if (Object.keys(cells).length !== labels.length || labels.some((label) => !Object.hasOwn(cells, label)))
      throw invalid(`In an instance, ${quote(name)} has a different index from the first column.`);
  }
  return labels.map((label) => Object.fromEntries(columns.map(([name, cells]) => [name, cells[label]])));
}

const invalid = (detail: string): NestorError => new NestorError('INVALID_REQUEST', detail);
