import { allocate, DYNAMIC, type Signature, type TensorSpec } from '#tensor';
import { elementOf } from './element.ts';
import { type DeclaredFeature, type Feature, FeatureError, isFloat, typeOf } from './feature.ts';
import { Findings } from './findings.ts';
import { shapePerRow, stacksRows } from './row-dimension.ts';

/** An object of this name as a key would change what objects inherit from. */
const FORBIDDEN = '__proto__';

/**
 * The features of a model, in the manifest's order; an input that no feature feeds becomes a feature of its own name.
 * Several features that feed one input [N, F] are its columns in order of declaration.
 * @throws FeatureError where the manifest and the signature do not fit
 */
export function resolveFeatures(declared: readonly DeclaredFeature[] | undefined, signature: Signature): readonly Feature[] {
  const stacked = stacksRows(signature);
  const groups = new Map<TensorSpec, DeclaredFeature[]>(signature.inputs.map((input) => [input, []]));
  const order: DeclaredFeature[] = [];
  for (const feature of declared ?? []) {
    groups.get(inputOf(feature, signature))!.push(feature);
    order.push(feature);
  }
  for (const [input, group] of groups) {
    if (input.name === FORBIDDEN) throw new FeatureError('An input cannot be named "__proto__": rename it in the graph.');
    if (group.length > 0) continue;
    const own = { name: input.name, input: input.name };
    group.push(own);
    order.push(own);
  }
  const resolved = new Map<DeclaredFeature, Feature>();
  for (const [input, group] of groups) {
    const shape = shapeOf(input, group, stacked);
    for (const feature of group) resolved.set(feature, resolve(feature, input, shape));
  }
  const names = new Set<string>();
  for (const { name } of order) {
    if (names.has(name)) throw new FeatureError(`There are two features named ${name}: names must be unique.`);
    names.add(name);
  }
  return order.map((feature) => resolved.get(feature)!);
}

function inputOf(feature: DeclaredFeature, { inputs }: Signature): TensorSpec {
  const wanted = feature.input ?? feature.name;
  const named = inputs.find(({ name }) => name === wanted);
  if (named !== undefined) return named;
  const names = inputs.map(({ name }) => name).join(', ');
  if (feature.input !== undefined) {
    throw new FeatureError(`Feature ${feature.name} feeds the input ${wanted}, which the model does not have: it has ${names}.`);
  }
  if (inputs.length !== 1) {
    throw new FeatureError(`Feature ${feature.name} must say which input it feeds ("input"): the model has ${names}.`);
  }
  return inputs[0]!;
}

/** The shape that each feature of an input's group has in one row. */
function shapeOf(input: TensorSpec, group: readonly DeclaredFeature[], stacked: boolean): readonly number[] {
  const perRow = shapePerRow(input.shape, stacked);
  if (group.length === 1) return perRow;
  const columns = perRow.length === 0 ? 1 : perRow[0]!;
  if (!stacked || perRow.length > 1 || (columns !== DYNAMIC && columns !== group.length)) {
    throw new FeatureError(
      `Input ${input.name} of shape [${input.shape.join(', ')}] is fed by ${group.length} features ` +
        `(${group.map(({ name }) => name).join(', ')}): declare as many as it has columns, or one for the whole of it.`,
    );
  }
  return [];
}

function resolve(declared: DeclaredFeature, input: TensorSpec, shape: readonly number[]): Feature {
  const feature: Feature = { ...declared, type: declared.type ?? typeOf(input.datatype), input: input.name, shape };
  const refuse = (reason: string): never => {
    throw new FeatureError(`Feature ${feature.name} ${reason}.`);
  };
  const { type } = feature;
  const { datatype } = input;
  if ((type === 'string') !== (datatype === 'BYTES') || (datatype === 'BOOL' && type !== 'boolean')) {
    refuse(`is declared as ${type}, but its input ${input.name} takes ${typeOf(datatype)} (${datatype})`);
  }
  if (type === 'number' && !isFloat(datatype)) {
    refuse(`is declared as number, but its input ${input.name} holds whole numbers (${datatype}): declare it as integer`);
  }
  if (feature.missing === true && (!isFloat(datatype) || type === 'boolean')) {
    refuse(`cannot be missing: its input ${input.name} (${datatype}) has no NaN for it`);
  }
  for (const key of ['range', 'seen'] as const) {
    const bounds = feature[key];
    if (bounds === undefined) continue;
    if (type === 'string' || type === 'boolean') refuse(`is a ${type} and cannot have "${key}": use categories`);
    if (!(bounds[0] <= bounds[1])) refuse(`has "${key}" [${bounds.join(', ')}]: the lower bound comes first`);
  }
  if (feature.default !== undefined) {
    if (shape.length > 0) refuse('holds a tensor and cannot have a default');
    const findings = new Findings();
    elementOf({ ...feature, missing: false }, datatype).write(allocate(datatype, 1), 0, feature.default, 0, findings);
    if (findings.issueCount > 0) refuse(`has a default that the model does not take (${findings.issues[0]!.detail})`);
  }
  return feature;
}
