import { objectOf, type Schema } from './schema.ts';

/** A picture in a row's place, as TensorFlow Serving has files in JSON. */
export const ENCODED_PICTURE: Schema = {
  title: 'A picture: a PNG, JPEG or WebP file in base64',
  ...objectOf({ b64: { type: 'string', contentEncoding: 'base64' } }),
};
