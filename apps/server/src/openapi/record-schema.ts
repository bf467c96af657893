import type { Feature } from '#features';
import type { ModelVersion } from '#engine';
import { arrayOf, objectOf, type Schema } from './schema.ts';

/** One row of a model as a record: each feature with its unit, allowed values, values seen in training, and an example. */
export function recordSchema({ name, features, manifest }: ModelVersion): Schema {
  const optional = features.filter((feature) => feature.missing === true || feature.default !== undefined);
  const properties = Object.fromEntries(
    features.map((feature) => [
      feature.name,
      featureSchema(manifest.examples ? { ...feature, example: undefined } : feature),
    ]),
  );
  const named = objectOf(
    properties,
    optional.map((feature) => feature.name),
  );
  const [first] = features;
  return {
    description: `A row of ${manifest.title ?? name}.`,
    ...(first?.byPosition === true ? { anyOf: [named, unnamedColumns(first)] } : named),
  };
}

/** A record for a model whose columns have no names. */
function unnamedColumns(feature: Feature): Schema {
  const [count = 1] = feature.shape;
  return {
    description: 'Columns by position. Their names do not matter.',
    ...{ type: 'object', additionalProperties: valueSchema(feature) },
    ...(count > 0 ? { minProperties: count, maxProperties: count } : { minProperties: 1 }),
  };
}

function featureSchema(feature: Feature): Schema {
  const { title, default: fallback, example, shape } = feature;
  const description = describe(feature);
  const value = shape.reduceRight<Schema>((items, size) => arrayOf(items, sized(size)), valueSchema(feature));
  return {
    ...(title && { title }),
    ...(description && { description }),
    ...(fallback === undefined ? value : orNull(value)),
    ...(fallback !== undefined && (shape.length === 0 || Array.isArray(fallback)) && { default: fallback }),
    ...(example !== undefined && { examples: [example] }),
  };
}

const sized = (size: number): Schema => (size < 0 ? {} : { minItems: size, maxItems: size });

/** The schema of a feature's value in one row. */
function valueSchema({ type, range, categories, missing }: Feature): Schema {
  const value = categories
    ? { enum: [...categories] }
    : { type, ...(range && { minimum: range[0], maximum: range[1] }) };
  return missing === true ? orNull(value) : value;
}

/** A schema that also takes null. */
function orNull(schema: Schema): Schema {
  const { enum: values, type } = schema;
  if (values !== undefined) return { ...schema, enum: [...new Set([...(values as unknown[]), null])] };
  return { ...schema, type: [...new Set([type, 'null'].flat())] };
}

/** Description, unit and values seen in training, as one text. */
function describe({ description, unit, seen, seenCategories, shape, default: fallback }: Feature): string {
  const fillsTensor = fallback !== undefined && shape.length > 0 && !Array.isArray(fallback);
  const sentences = [
    description,
    fillsTensor && `By default, each element is ${JSON.stringify(fallback)}.`,
    unit && `Unit: ${unit}.`,
    seen && `Seen in training: ${seen[0]} to ${seen[1]}.`,
    seenCategories && `Seen in training: ${seenCategories.join(', ')}.`,
  ];
  return sentences.filter(Boolean).join(' ');
}
