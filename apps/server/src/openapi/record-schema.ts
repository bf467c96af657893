import type { Feature } from '#features';
import type { ModelVersion } from '#engine';
import { arrayOf, objectOf, type Schema } from './schema.ts';

/** Half a step above float32's largest number: from here on a literal is rounded to infinity, and refused. */
const BEYOND_FLOAT32 = 3.4028235677973366e38;

/** One row of a model as a record: each feature with its unit, what it may be, what was seen of it and an example. */
export function recordSchema({ name, features, manifest }: ModelVersion): Schema {
  const optional = features.filter((feature) => feature.missing === true || feature.default !== undefined);
  const properties = Object.fromEntries(features.map((feature) => [feature.name, featureSchema(feature)]));
  const named = objectOf(
    properties,
    optional.map((feature) => feature.name),
  );
  const [first] = features;
  return {
    title: `A row of ${manifest.title ?? name}`,
    ...(first?.byPosition === true ? { anyOf: [named, unnamedColumns(first)] } : named),
    ...(manifest.examples && { examples: manifest.examples }),
  };
}

/** A record of columns with names that the model does not know. */
function unnamedColumns(feature: Feature): Schema {
  const [count = 1] = feature.shape;
  return {
    title: 'Columns by position, whatever they are called',
    ...{ type: 'object', additionalProperties: valueSchema(feature) },
    ...(count > 0 ? { minProperties: count, maxProperties: count } : { minProperties: 1 }),
  };
}

/** The names of a table's columns. */
export function columnsSchema(features: readonly Feature[]): Schema {
  const [first] = features;
  return first?.byPosition === true
    ? { type: 'array', description: "In the order of the model's, whatever they are called." }
    : arrayOf({ enum: features.map(({ name }) => name) });
}

function featureSchema(feature: Feature): Schema {
  const { title, default: fallback, example, shape } = feature;
  const description = describe(feature);
  return {
    ...(title && { title }),
    ...(description && { description }),
    ...shape.reduceRight<Schema>((items, size) => arrayOf(items, sized(size)), valueSchema(feature)),
    ...(fallback !== undefined && (shape.length === 0 || Array.isArray(fallback)) && { default: fallback }),
    ...(example !== undefined && { examples: [example] }),
  };
}

const sized = (size: number): Schema => (size < 0 ? {} : { minItems: size, maxItems: size });

/** What a feature's value may be, in one row. */
export function valueSchema({ type, range, categories, missing }: Feature): Schema {
  if (categories) return { enum: missing ? [...categories, null] : [...categories] };
  return {
    type: missing ? [type, 'null'] : type,
    ...(range && { minimum: range[0], maximum: range[1] }),
    ...(!range && type === 'number' && { exclusiveMinimum: -BEYOND_FLOAT32, exclusiveMaximum: BEYOND_FLOAT32 }),
  };
}

/** Description, unit and what was seen in training, as one text. */
function describe({ description, unit, seen, seenCategories, shape, default: fallback }: Feature): string {
  const fillsTensor = fallback !== undefined && shape.length > 0 && !Array.isArray(fallback);
  const sentences = [
    description,
    fillsTensor && `Where it is left out, each element is ${JSON.stringify(fallback)}.`,
    unit && `Unit: ${unit}.`,
    seen && `Seen in training: ${seen[0]} to ${seen[1]}; other values are answered with a warning.`,
    seenCategories && `Seen in training: ${seenCategories.join(', ')}; other values are answered with a warning.`,
  ];
  return sentences.filter(Boolean).join(' ');
}
