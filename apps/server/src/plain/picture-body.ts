import { NestorError } from '#errors';
import type { Rows } from '#features';
import type { ImageReader } from '#images';
import type { ModelVersion } from '#engine';
import { bodyText, parseJson } from '../http/json-body.ts';
import { mediaTypeOf } from '../http/media-type.ts';
import { isJson, readRows } from './body.ts';
import { filesOf } from './multipart.ts';
import { picturesIn } from './picture-records.ts';

const PICTURES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/webp']);

/**
 * Reads the pictures of a request to an image model, a row each: one file as the body, files in a multipart form, or JSON
 * records (see `picturesIn`). JSON that holds no pictures is read as rows: the model's own tensors.
 *
 * @param gone whether the caller has left
 * @throws NestorError EMPTY_BODY, UNSUPPORTED_MEDIA_TYPE, MALFORMED_BODY, what is wrong with the pictures or the rows
 */
export async function readPictures(
  body: Buffer | undefined,
  contentType: string | undefined,
  { reader, features }: ModelVersion,
  images: ImageReader,
  gone: () => boolean,
): Promise<Rows> {
  const type = mediaTypeOf(contentType);
  if (PICTURES.has(type)) return images.read([contentOf(body)], gone);
  if (type === 'multipart/form-data')
    return images.read(await filesOf(contentOf(body), contentType!, images.maxRows), gone);
  if (isJson(type)) {
    const text = bodyText(body);
    const json = parseJson(text);
    const pictures = picturesIn(json, new Set(features.map(({ name }) => name)));
    return pictures === undefined ? reader.read(json, text) : images.read(pictures, gone);
  }
  if (type === 'text/csv') return readRows(body, contentType, reader);
  throw new NestorError(
    'UNSUPPORTED_MEDIA_TYPE',
    `"${type}" is not understood here; ${[...PICTURES].join(', ')}, multipart/form-data and application/json are.`,
  );
}

function contentOf(body: Buffer | undefined): Buffer {
  if (body === undefined || body.length === 0) throw new NestorError('EMPTY_BODY', 'The body is empty.');
  return body;
}
