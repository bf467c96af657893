import { parse } from 'content-type';
import type { FastifyRequest } from 'fastify';
import type { ModelVersion } from '#engine';
import { NestorError } from '#errors';
import type { Rows } from '#features';
import { bodyBytes, jsonText, parseJson } from '../http/body.ts';
import { encodingOfTable } from '../http/charset.ts';
import { filesOf } from '../http/multipart.ts';

const JSON_TYPE = /^application\/(?:[\w.!#$&^-]+\+)?json$/;
const PICTURE_TYPES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/webp']);

/**
 * Reads the rows of a `/predict` request in a media type that the model accepts (see `requireMediaType`). A body
 * without a content type is JSON. An image model also accepts pictures, one per row: a file as the body, files in a
 * multipart form, or JSON records. JSON without pictures holds the model's own tensors.
 *
 * @param gone whether the caller has left
 * @throws NestorError EMPTY_BODY, MALFORMED_BODY, and the errors of the rows or the pictures
 */
export function readRows(request: FastifyRequest, model: ModelVersion, gone: () => boolean): Rows | Promise<Rows> {
  const { reader, images } = model;
  const { 'content-type': contentType } = request.headers;
  const type = mediaTypeOf(contentType);
  if (isJson(type)) {
    const text = jsonText(request);
    const json = parseJson(text, reader.parse);
    return model.readPictures(json, gone) ?? reader.read(json, text);
  }
  const body = request.body as Buffer | undefined;
  if (type === 'text/csv') return reader.readCsv(bodyBytes(body), encodingOfTable(contentType));
  const bytes = bodyBytes(body);
  if (PICTURE_TYPES.has(type)) return images!.read([bytes], gone);
  return filesOf(bytes, contentType!, images!.maxRows).then((files) => images!.read(files, gone));
}

/** @throws NestorError UNSUPPORTED_MEDIA_TYPE if the model does not accept the media type, or Nestor the charset */
export function requireMediaType({ headers }: Pick<FastifyRequest, 'headers'>, { images }: ModelVersion): void {
  const type = mediaTypeOf(headers['content-type']);
  if (isJson(type)) return;
  if (type === 'text/csv') {
    encodingOfTable(headers['content-type']);
    return;
  }
  const isPicture = type === 'multipart/form-data' || PICTURE_TYPES.has(type);
  if (images === undefined || !isPicture) throw notUnderstood(type, images !== undefined);
}

const isJson = (type: string): boolean => type === '' || type === 'application/json' || JSON_TYPE.test(type);

/** The media type of a Content-Type header, in lower case and without its parameters; empty without a header. */
export function mediaTypeOf(contentType: string | undefined): string {
  // Nearly every request has this type: do not parse it.
  if (contentType === undefined || contentType === 'application/json') return contentType ?? '';
  return parse(contentType, { parameters: false }).type;
}

function notUnderstood(type: string, takesPictures: boolean): NestorError {
  const noPictures = /^(?:image|multipart)\//.test(type) ? ': the model takes rows, not pictures' : '';
  const why = takesPictures
    ? `. Send ${[...PICTURE_TYPES].join(', ')}, multipart/form-data or application/json.`
    : `${noPictures}. Send application/json or text/csv.`;
  return new NestorError('UNSUPPORTED_MEDIA_TYPE', `"${type}" is not supported${why}`);
}
