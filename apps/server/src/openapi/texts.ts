import { arrayOf, type Schema } from './schema.ts';

const tokens: Schema = arrayOf({ type: 'integer', minimum: 0 }, { minItems: 1 });

/** Texts, in the form of the protocols that carry only texts. */
export const TEXTS: Schema = {
  oneOf: [
    { title: 'A text', type: 'string' },
    { title: 'Texts', ...arrayOf({ type: 'string' }, { minItems: 1 }) },
    { title: 'The token ids of a text', ...tokens },
    { title: 'The token ids of several texts', ...arrayOf(tokens, { minItems: 1 }) },
  ],
};
