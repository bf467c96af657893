import type { ShownOutput } from '#features';
import { classOutputs, type ModelFile, readMetadata } from '#onnx';
import { DYNAMIC, floatsOf, type Signature, type Tensor, type Tensors, type TensorSpec } from '#tensor';

/** How many different rows must look like probabilities before the answer calls them that. */
const ENOUGH_ROWS = 3;
/** How far values that were computed in float32 may be from 0, 1 and their sum. */
const TOLERANCE = 1e-3;

/**
 * What a model shows about its outputs: by the end of its graph and the metadata of its file, or else by its answers in
 * first runs, if the values of each row are between 0 and 1 and sum to 1.
 */
export function shownOutputs(
  file: ModelFile,
  { outputs }: Signature,
  answers: readonly Tensors[],
): ReadonlyMap<string, ShownOutput> {
  const shown = new Map<string, ShownOutput>(classOutputs(file));
  const { labels: written } = readMetadata(file);
  for (const { name, shape, datatype } of outputs) {
    const said = shown.get(name);
    if (!isTable({ shape, datatype })) continue;
    const tables = answers.map((answer) => answer[name]!);
    const labels = said?.labels ?? (written?.length === columnsOf(shape[1]!, tables) ? written : undefined);
    const probabilities = said?.probabilities ?? (areProbabilities(tables) ? 'classes' : undefined);
    if (labels !== undefined || probabilities !== undefined)
      shown.set(name, { ...(labels && { labels }), ...(probabilities && { probabilities }) });
  }
  return shown;
}

/**
 * Whether more answers can still change what a model shows: its file does not say whether an output has probabilities, and
 * all answers so far look like them. What it shows must not depend on how fast the machine is.
 */
export function isUndecided(file: ModelFile, { outputs }: Signature, answers: readonly Tensors[]): boolean {
  const said = classOutputs(file);
  return outputs.some(
    (output) =>
      isTable(output) &&
      said.get(output.name)?.probabilities === undefined &&
      answers.every((answer) => rowsOf(answer[output.name]!).every(isDistribution)),
  );
}

const isTable = ({ shape, datatype }: Pick<TensorSpec, 'shape' | 'datatype'>): boolean =>
  shape.length === 2 && datatype.startsWith('FP');

/** The number of columns of a table; if the graph leaves it open, that of the answers. */
function columnsOf(declared: number, tables: readonly Tensor[]): number | undefined {
  return declared === DYNAMIC ? tables[0]?.shape[1] : declared;
}

/** Counts only different rows, since equal rows prove no more than one. */
function areProbabilities(tables: readonly Tensor[]): boolean {
  const rows = new Set<string>();
  for (const table of tables) {
    for (const row of rowsOf(table)) {
      if (!isDistribution(row)) return false;
      rows.add(row.join());
    }
  }
  return rows.size >= ENOUGH_ROWS;
}

function rowsOf(table: Tensor): readonly Row[] {
  const columns = table.shape[1]!;
  const values = floatsOf(table);
  return Array.from({ length: table.shape[0]! }, (_, row) => values.subarray(row * columns, (row + 1) * columns));
}

type Row = ReturnType<typeof floatsOf>;

function isDistribution(values: Row): boolean {
  if (values.length < 2) return false;
  let sum = 0;
  for (const value of values) {
    if (!(value >= -TOLERANCE && value <= 1 + TOLERANCE)) return false;
    sum += value;
  }
  return Math.abs(sum - 1) <= TOLERANCE;
}
