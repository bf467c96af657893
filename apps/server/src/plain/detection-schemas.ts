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
        x: pixels('Left edge, in pixels of the picture sent.'),
        y: pixels('Top edge.'),
        width: pixels('Width in pixels.'),
        height: pixels('Height in pixels.'),
      }),
    }),
    { description: 'The objects of a picture, highest score first.' },
  );
}

/** The query parameters of a detector. */
export const THRESHOLDS: readonly Schema[] = [
  query('threshold', 'Return only objects with a higher score.'),
  query(
    'overlap',
    'If boxes with the same label overlap by more than this share, return only the one with the highest score.',
  ),
];

function query(name: string, description: string): Schema {
  return { name, in: 'query', description, schema: share };
}
