import type { Feature, RowReader } from '#features';
import { NestorError } from '#errors';
import { RepositoryError } from '#models';
import { DYNAMIC, elementCount, type Tensors } from '#tensor';

/** Enough rows to show whether rows affect each other, and few enough to run one by one at every load. */
export const SAMPLES = 8;

/** The golden ratio's fractional part, whose multiples modulo 1 spread evenly and never repeat. */
const STEP = 0.618033988749895;

/** The size to use for an open dimension. */
const OPEN_SIZE = 8;
/** The maximum elements of a made-up value, since lists take many times their memory. */
const MOST_ELEMENTS = 65_536;

/**
 * Inputs of one row each that are plausible for the model: the manifest's examples, then rows made up from the
 * features' descriptions. If a feature does not describe its values, there are only examples.
 *
 * @throws RepositoryError if an example is not a row of this model
 */
export function exampleInputs(reader: RowReader, examples: readonly object[], manifestPath: string): Tensors[] {
  const given = examples.slice(0, SAMPLES / 2).map((example, at) => {
    try {
      return reader.readRecords([example]).inputs;
    } catch (error) {
      if (!(error instanceof NestorError)) throw error;
      const fields = reader.features.map((feature) => feature.name).join(', ');
      throw new RepositoryError(
        `${manifestPath}: examples[${at}] is not a row of this model, whose fields are ${fields}: ${error.message}`,
      );
    }
  });
  const records = Array.from({ length: SAMPLES - given.length }, (_, nth) => madeUp(reader.features, nth));
  return [
    ...given,
    ...records.flatMap((record) => (record === undefined ? [] : [reader.readRecords([record]).inputs])),
  ];
}

/** A record of allowed values, different for each `nth`; undefined if a feature does not describe its values. */
function madeUp(features: readonly Feature[], nth: number): Record<string, unknown> | undefined {
  const record: Record<string, unknown> = {};
  for (const [at, feature] of features.entries()) {
    const value = possibleValue(feature, ((nth + 1) * (at + 1) * STEP) % 1);
    if (value !== undefined) record[feature.name] = value;
    else if (feature.default === undefined) return undefined;
  }
  return record;
}

/** @param between a number from 0 to 1 that picks the value among the possible ones */
function possibleValue(feature: Feature, between: number): unknown {
  const shape = feature.shape.map((size) => (size === DYNAMIC ? OPEN_SIZE : size));
  if (elementCount(shape) > MOST_ELEMENTS) return undefined;
  let nth = 0;
  const listsOf = ([size, ...inner]: readonly number[]): unknown =>
    size === undefined
      ? possibleScalar(feature, (between + nth++ * STEP) % 1)
      : Array.from({ length: size }, () => listsOf(inner));
  return possibleScalar(feature, between) === undefined ? undefined : listsOf(shape);
}

function possibleScalar(feature: Feature, between: number): unknown {
  const list = feature.categories ?? feature.seenCategories;
  if (list !== undefined) return list[Math.floor(between * list.length)];
  if (feature.type === 'boolean') return between < 0.5;
  const limits = feature.type === 'string' ? undefined : plausible(feature);
  if (limits === undefined) return undefined;
  const [low, high] = limits;
  if (feature.type === 'number') return low + between * (high - low);
  return Math.min(Math.floor(high), Math.ceil(low) + Math.floor(between * (high - low + 1)));
}

/** The range seen in training, or else one around the example, or else the allowed range. */
function plausible({ seen, range, example, type }: Feature): readonly [number, number] | undefined {
  if (seen !== undefined || typeof example !== 'number') return seen ?? range;
  const [low, high] = range ?? [-Infinity, Infinity];
  const reach = Math.max(Math.abs(example) / 2, type === 'integer' ? 2 : 0.5);
  const least = example >= 0 ? Math.max(0, example - reach) : example - reach;
  return [Math.max(low, least), Math.min(high, example + reach)];
}
