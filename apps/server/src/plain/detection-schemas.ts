import { arrayOf, objectOf, type Schema } from '../openapi/schema.ts';

const share = { type: 'number', minimum: 0, maximum: 1 } as const;
const pixels = (description: string): Schema => ({ type: 'number', description });

/** The objects of a picture. */
export function detectionsSchema(labels: readonly (string | number)[] = []): Schema {
  return arrayOf(
    objectOf({
      label: { type: 'string', ...(labels.length > 0 && { examples: labels.slice(0, 3).map(String) }) },
      score: share,
      box: objectOf({
        x: pixels('Left side, in pixels of the picture that was sent.'),
        y: pixels('Upper side.'),
        width: pixels('Width in pixels.'),
        height: pixels('Height in pixels.'),
      }),
    }),
    { description: 'The objects of a picture, the highest score first.' },
  );
}

/** The query parameters of a detector. */
export const THRESHOLDS: readonly Schema[] = [
  query('threshold', 'Answer only objects with a score above it.'),
  query('overlap', 'Of boxes of one label that overlap by more than this part, answer the one with the highest score.'),
];

function query(name: string, description: string): Schema {
  return { name, in: 'query', description, schema: share };
}
