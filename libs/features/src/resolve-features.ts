import { allocate, DYNAMIC, type Signature, type TensorSpec } from '#tensor';
import { elementOf } from './element-of.ts';
import { type DeclaredFeature, type Feature, FeatureError, isFloat, typeOf } from './feature.ts';
import { Findings } from './findings.ts';
import { mayHaveRows, shapePerRow } from './row-dimension.ts';

/** An object of this name as a key would change what objects inherit from. */
const FORBIDDEN = '__proto__';

/**
 * The features of a model, in the manifest's order; an input that no feature feeds becomes a feature of its own name.
 * Several features that feed one input [N, F] are its columns in order of declaration.
 * @param hasRows whether the first dimension of the inputs is rows
 * @throws FeatureError where the manifest and the signature do not fit
 */
export function resolveFeatures(
  declared: readonly DeclaredFeature[] | undefined,
  signature: Signature,
  hasRows = mayHaveRows(signature),
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
  const features = order.map((feature) => resolved.get(feature)!);
  const areNamed = declared !== undefined && declared.length > 0;
  return areNamed || !isTable(signature, hasRows) ? features : [{ ...features[0]!, byPosition: true }];
}

/** Whether all that goes into a model is one input [rows, columns], and how many columns is known. */
function isTable({ inputs }: Signature, hasRows: boolean): boolean {
  const [only, second] = inputs;
  return hasRows && second === undefined && only?.shape.length === 2 && only.shape[1] !== DYNAMIC;
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
  const feature: Feature = { ...declared, type: declared.type ?? typeOf(input.datatype), input: input.name, shape };
  const flaw =
    shapeFlaw(declared, shape) ??
    typeFlaw(feature, input) ??
    boundsFlaw(feature, 'range') ??
    boundsFlaw(feature, 'seen') ??
    defaultFlaw(feature, input);
  if (flaw !== undefined) throw new FeatureError(`Feature ${feature.name} ${flaw}.`);
  return feature;
}

function shapeFlaw({ shape: declared }: DeclaredFeature, shape: readonly number[]): string | undefined {
  // [1] and [] both hold one number a row.
  const perRow = declared?.join() === '1' ? [] : declared;
  if (perRow === undefined || perRow.join() === shape.join()) return undefined;
  return `has "shape" [${declared!.join(', ')}], but its input takes [${shape.join(', ')}] in a row: take "shape" away`;
}

function typeFlaw({ type, missing }: Feature, { name, datatype }: TensorSpec): string | undefined {
  if ((type === 'string') !== (datatype === 'BYTES') || (datatype === 'BOOL' && type !== 'boolean')) {
    return `is declared as ${type}, but its input ${name} takes ${typeOf(datatype)} (${datatype})`;
  }
  if (type === 'number' && !isFloat(datatype)) {
    return `is declared as number, but its input ${name} holds whole numbers (${datatype}): declare it as integer`;
  }
  if (missing === true && (!isFloat(datatype) || type === 'boolean')) {
    return `cannot be missing: as ${type} in its input ${name} (${datatype}) it has no NaN`;
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
  if (feature.shape.length > 0) return 'holds a tensor and cannot have a default';
  const findings = new Findings();
  elementOf(feature, datatype).write(allocate(datatype, 1), 0, feature.default, 0, findings);
  return findings.issueCount > 0 ? 'has a default that the model does not take' : undefined;
}
