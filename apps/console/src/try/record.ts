import type { Feature } from '../api/models.ts';

/** The contents of the fields, by feature. */
export type Values = Readonly<Record<string, string>>;

const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
/** Offers a tensor of zeros as a start if it is short enough to read. */
const READABLE_ELEMENTS = 64;

/**
 * The contents of the fields, as the members of a JSON object. It sends numbers as typed, so that a 64-bit integer
 * stays exact. It sends anything else in a number's field as a string, so that the server reports what is wrong. It
 * leaves out empty fields.
 */
export function recordMembers(features: readonly Feature[], values: Values): string[] {
  return features.flatMap((feature) => {
    const text = values[feature.name] ?? '';
    return text.trim() === '' ? [] : [`${JSON.stringify(feature.name)}: ${valueJson(feature, text)}`];
  });
}

/** The members as one object, on one line if it is short. */
export function recordJson(members: readonly string[]): string {
  const line = `{${members.join(', ')}}`;
  return line.length <= 72 ? line : `{\n  ${members.join(',\n  ')}\n}`;
}

function valueJson({ type, shape }: Feature, text: string): string {
  const trimmed = text.trim();
  if (shape.length > 0) return isJson(trimmed) ? trimmed : JSON.stringify(text);
  if (type === 'boolean' && (trimmed === 'true' || trimmed === 'false')) return trimmed;
  if ((type === 'number' || type === 'integer') && JSON_NUMBER.test(trimmed)) return trimmed;
  return JSON.stringify(text);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The contents of the fields for a record, such as an example of the manifest. */
export function valuesOf(features: readonly Feature[], record: Readonly<Record<string, unknown>>): Values {
  return Object.fromEntries(
    features.map((feature) => [feature.name, textOf(record[feature.name] ?? defaultOf(feature))]),
  );
}

/** The initial contents of the fields: the manifest's first example, or else the features' own examples. */
export function firstValues(
  features: readonly Feature[],
  examples: readonly Readonly<Record<string, unknown>>[] = [],
): Values {
  const [first] = examples;
  if (first !== undefined) return valuesOf(features, first);
  return Object.fromEntries(
    features.map((feature) => [
      feature.name,
      textOf(feature.example ?? (feature.default === undefined ? zeros(feature.shape) : defaultOf(feature))),
    ]),
  );
}

/** A feature's default for its field. The field stays empty if one default stands for all elements of a tensor. */
const defaultOf = ({ shape, default: fallback }: Feature): unknown =>
  shape.length > 0 && !Array.isArray(fallback) ? undefined : fallback;

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function zeros(shape: readonly number[]): unknown {
  const sizes = shape.map((size) => (size === -1 ? 1 : size));
  if (shape.length === 0 || sizes.reduce((product, size) => product * size, 1) > READABLE_ELEMENTS) return undefined;
  return sizes.reduceRight<unknown>((inner, size) => Array.from({ length: size }, () => inner), 0);
}
