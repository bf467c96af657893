import { allocate, DYNAMIC, type Signature, type TensorSpec } from '#tensor';
import { Block } from './block.ts';
import { elementOf } from './element-of.ts';
import { type DeclaredFeature, type Feature, FeatureError, type FeatureType, isFloat, typeOf } from './feature.ts';
import { Findings } from './findings.ts';
import { mayHaveRows, shapePerRow } from './row-dimension.ts';

/** The names of an input's dimensions in the model; undefined for a dimension without a name. */
export type DimensionNames = (input: string) => readonly (string | undefined)[];

/** Assigning an object to this key would change the prototype. */
const FORBIDDEN = '__proto__';

/**
 * The features of a model, in the manifest's order; an input that no feature feeds becomes a feature of its own name.
 * Several features that feed one input [N, F] are its columns in order of declaration.
 * @param hasRows whether the first dimension of the inputs is rows
 * @param dimensionNames the names of an input's dimensions, as far as the model has them
 * @throws FeatureError if the manifest and the signature do not fit
 */
export function resolveFeatures(
  declared: readonly DeclaredFeature[] | undefined,
  signature: Signature,
  hasRows = mayHaveRows(signature),
  dimensionNames: DimensionNames = () => [],
): readonly Feature[] {
  const groups = new Map<TensorSpec, DeclaredFeature[]>(signature.inputs.map((input) => [input, []]));
  const order: DeclaredFeature[] = [];
  for (const feature of declared ?? []) {
    groups.get(inputOf(feature, signature))!.push(feature);
    order.push(feature);
  }
  for (const [input, group] of groups) {
    if (input.name === FORBIDDEN)
      throw new FeatureError('An input cannot be named "__proto__": rename it in the graph.');
    if (group.length > 0) continue;
    const own = { name: input.name, input: input.name };
    group.push(own);
    order.push(own);
  }
  const resolved = new Map<DeclaredFeature, Feature>();
  for (const [input, group] of groups) {
    const shape = shapeOf(input, group, hasRows);
    for (const feature of group) resolved.set(feature, resolve(feature, input, shape));
  }
  const names = new Set<string>();
  for (const { name } of order) {
    if (names.has(name)) throw new FeatureError(`There are two features named ${name}: names must be unique.`);
    names.add(name);
  }
  const features = withLengths(
    order.map((feature) => resolved.get(feature)!),
    (input) => dimensionNames(input).slice(hasRows ? 1 : 0),
  );
  const areNamed = declared !== undefined && declared.length > 0;
  return areNamed || !isTable(signature, hasRows) ? features : [{ ...features[0]!, byPosition: true }];
}

/** Whether a model's only input is [rows, columns]. */
function isTable({ inputs }: Signature, hasRows: boolean): boolean {
  const [only, second] = inputs;
  return hasRows && second === undefined && only?.shape.length === 2;
}

function inputOf(feature: DeclaredFeature, { inputs }: Signature): TensorSpec {
  const wanted = feature.input ?? feature.name;
  const named = inputs.find(({ name }) => name === wanted);
  if (named !== undefined) return named;
  const names = inputs.map(({ name }) => name).join(', ');
  if (feature.input !== undefined) {
    throw new FeatureError(
      `Feature ${feature.name} feeds the input ${wanted}, which the model does not have: it has ${names}.`,
    );
  }
  if (inputs.length !== 1) {
    throw new FeatureError(`Feature ${feature.name} must say which input it feeds ("input"): the model has ${names}.`);
  }
  return inputs[0]!;
}

/** The shape that each feature of an input's group has in one row. */
function shapeOf(input: TensorSpec, group: readonly DeclaredFeature[], hasRows: boolean): readonly number[] {
  const perRow = shapePerRow(input.shape, hasRows);
  if (group.length === 1) return perRow;
  const columns = perRow.length === 0 ? 1 : perRow[0]!;
  if (!hasRows || perRow.length > 1 || (columns !== DYNAMIC && columns !== group.length)) {
    throw new FeatureError(
      `Input ${input.name} of shape [${input.shape.join(', ')}] is fed by ${group.length} features ` +
        `(${group.map(({ name }) => name).join(', ')}): declare as many as it has columns, or one for the whole of it.`,
    );
  }
  return [];
}

function resolve(declared: DeclaredFeature, input: TensorSpec, shape: readonly number[]): Feature {
  const own = shape.length > 0 && declared.shape?.length === shape.length ? declared.shape : shape;
  const type = declared.type ?? typeOf(input.datatype);
  const feature: Feature = { ...declared, type, input: input.name, shape: own };
  const flaw =
    shapeFlaw(declared, shape) ??
    typeFlaw(feature, input) ??
    boundsFlaw(feature, 'range') ??
    boundsFlaw(feature, 'seen') ??
    defaultFlaw(feature, input);
  if (flaw !== undefined) throw new FeatureError(`Feature ${feature.name} ${flaw}.`);
  return feature;
}

/** The manifest's shape, if it fits the input's: it may give the length of an open dimension. */
function shapeFlaw({ shape: declared }: DeclaredFeature, shape: readonly number[]): string | undefined {
  const fits =
    declared === undefined ||
    isScalar(declared, shape) ||
    (declared.length === shape.length && shape.every((size, at) => size === DYNAMIC || size === declared[at]));
  if (fits) return undefined;
  return `has "shape" [${declared.join(', ')}], but its input takes [${shape.join(', ')}] in a row: take "shape" away`;
}

/** [1] and [] both mean one number per row. */
const isScalar = (declared: readonly number[], shape: readonly number[]): boolean =>
  shape.length === 0 && declared.join() === '1';

/** A default to suggest, as JSON. */
const EMPTY: Readonly<Record<FeatureType, string>> = { number: '0', integer: '0', boolean: 'false', string: '""' };

function typeFlaw({ type, missing, default: fallback }: Feature, { name, datatype }: TensorSpec): string | undefined {
  if ((type === 'string') !== (datatype === 'BYTES') || (datatype === 'BOOL' && type !== 'boolean')) {
    return `is declared as ${type}, but its input ${name} takes ${typeOf(datatype)} (${datatype})`;
  }
  if (type === 'number' && !isFloat(datatype)) {
    return `is declared as number, but its input ${name} holds whole numbers (${datatype}): declare it as integer`;
  }
  if (missing === true && (!isFloat(datatype) || type === 'boolean')) {
    const action =
      fallback === undefined ? `Give it a default, such as ${EMPTY[type]}` : 'Its default is enough: remove "missing"';
    return `cannot be missing: as ${type} in its input ${name} (${datatype}) it has no NaN. ${action}`;
  }
  return undefined;
}

function boundsFlaw(feature: Feature, key: 'range' | 'seen'): string | undefined {
  const bounds = feature[key];
  if (bounds === undefined) return undefined;
  if (feature.type === 'string' || feature.type === 'boolean')
    return `is a ${feature.type} and cannot have "${key}": use categories`;
  return bounds[0] <= bounds[1] ? undefined : `has "${key}" [${bounds.join(', ')}]: the lower bound comes first`;
}

function defaultFlaw(feature: Feature, { datatype }: TensorSpec): string | undefined {
  if (feature.default === undefined) return undefined;
  const element = elementOf(feature, datatype);
  const findings = new Findings();
  if (Array.isArray(feature.default)) {
    const block = new Block(feature, 0, element, datatype, { hasRows: true, empty: false });
    block.read([feature.default], () => 0, findings);
  } else {
    element.write(allocate(datatype, 1), 0, feature.default, 0, findings);
  }
  if (findings.issueCount === 0) return undefined;
  const why = findings.issues[0]!.detail.replace(/^row 0: /, '');
  return `has a default that the model does not take: ${why}`;
}

/** Adds the lengths of defaults' open dimensions: those of the same name in features without a default. */
function withLengths(features: readonly Feature[], namesOf: DimensionNames): readonly Feature[] {
  const places = features
    .filter((feature) => feature.default === undefined)
    .flatMap(({ name, input, shape }) =>
      shape.map((_, dimension) => ({ symbol: namesOf(input)[dimension], place: { feature: name, dimension } })),
    );
  return features.map((feature) => {
    const { name, input, shape, default: fallback } = feature;
    if (fallback === undefined || Array.isArray(fallback) || !shape.includes(DYNAMIC)) return feature;
    const lengths = shape.map((size, dimension) => {
      if (size !== DYNAMIC) return null;
      const symbol = namesOf(input)[dimension];
      const same = symbol === undefined ? undefined : places.find((other) => other.symbol === symbol);
      if (same !== undefined) return same.place;
      throw new FeatureError(
        `Feature ${name} has a default for each element of [${shape.join(', ')}], whose dimension ${dimension} may have any ` +
          'length: write the whole shape as "shape", or the whole default as lists.',
      );
    });
    return { ...feature, lengths };
  });
}
