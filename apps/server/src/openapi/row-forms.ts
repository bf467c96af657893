import { arrayOf, objectOf, ref, type Schema } from './schema.ts';

const base64: Schema = { type: 'string', contentEncoding: 'base64' };

/** The forms of rows that are the same for every model and every protocol. */
export const ROW_FORMS: Readonly<Record<string, Schema>> = {
  Cell: { description: 'A value of a table.', type: ['string', 'number', 'boolean', 'null'] },
  DataFrame: {
    description: 'A DataFrame: each column is an object from row labels to values.',
    type: 'object',
    minProperties: 1,
    additionalProperties: { type: 'object', minProperties: 1, additionalProperties: ref('Cell') },
  },
  SplitDataFrame: {
    description: 'A DataFrame: the names of the columns, and the rows as lists.',
    ...objectOf({ columns: arrayOf(ref('Cell')), data: arrayOf(arrayOf({})), index: arrayOf({}) }, ['index']),
  },
  Values: { description: 'The values of a row, in the order of the features.', ...arrayOf({}) },
  EncodedPicture: {
    description: 'A picture in place of a row: a PNG, JPEG or WebP file in base64.',
    ...objectOf({ b64: base64 }),
  },
  Picture: {
    description: 'A picture: a PNG, JPEG or WebP file in base64, or its levels from the top left.',
    anyOf: [
      objectOf({ image: { ...base64, description: 'Base64, or a data URL.' } }),
      objectOf({ image: ref('EncodedPicture') }),
      ref('EncodedPicture'),
      objectOf({ pixels: arrayOf({}, { description: 'Levels from 0 to 255: flat, rows, or rows of channels.' }) }),
    ],
  },
};
