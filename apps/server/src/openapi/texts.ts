import { arrayOf, type Schema } from './schema.ts';

const tokens: Schema = arrayOf({ type: 'integer', minimum: 0 }, { minItems: 1 });

/** Texts, in the form of the protocols for nothing else. */
export const TEXTS: Schema = {
  oneOf: [
    { title: 'A text', type: 'string' },
    { title: 'Texts', ...arrayOf({ type: 'string' }, { minItems: 1 }) },
    { title: 'The ids of the tokens of a text', ...tokens },
    { title: 'The ids of the tokens of texts', ...arrayOf(tokens, { minItems: 1 }) },
  ],
};
