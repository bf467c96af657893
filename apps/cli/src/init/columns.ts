import { lettersOf } from '#features';
import type { Signature, TensorSpec } from '#tensor';
import { Failure } from '../exit.ts';
import type { ColumnSummary } from './column.ts';

/** An input with more columns than this is one feature: nobody names that many. */
const MAX_NAMED_COLUMNS = 256;

/** The user's options for the data's columns. */
export interface ColumnChoice {
  readonly target?: string | undefined;
  readonly drop?: readonly string[] | undefined;
}

/** The data's columns that feed each input, in its order; undefined where the data has none. */
export type ColumnsByInput = ReadonlyMap<TensorSpec, readonly (ColumnSummary | undefined)[]>;

/**
 * A single input with several columns takes the data's by position. Other inputs take those of their names.
 * @throws Failure if the columns do not fit the inputs
 */
export function columnsByInput(
  columns: readonly ColumnSummary[],
  { inputs }: Signature,
  choice: ColumnChoice,
): ColumnsByInput {
  const offered = columnsOffered(columns, choice);
  const widths = inputs.map(widthOf);
  if (widths.includes(undefined)) return new Map();
  if (inputs.length === 1 && (widths[0]! > 1 || offered.length === 1)) {
    checkCount(offered, inputs[0]!, choice);
    return new Map([[inputs[0]!, offered]]);
  }
  return new Map(inputs.map((input, at) => [input, columnsNamed(input, widths[at]!, offered, inputs)]));
}

/** How many scalars one row of an input has; undefined if a row is a tensor, or its length is open or too great. */
export function widthOf({ shape }: TensorSpec): number | undefined {
  if (shape.length < 2) return 1;
  const [, width] = shape;
  return shape.length === 2 && width! > 0 && width! <= MAX_NAMED_COLUMNS ? width! : undefined;
}

/** Tells the user what each column of the data was used for. */
export function decidedOn(
  columns: readonly ColumnSummary[],
  byInput: ColumnsByInput,
  { target, drop = [] }: ColumnChoice,
): string {
  const taken = new Set([...byInput.values()].flat());
  const isLeft = (one: ColumnSummary): boolean => !taken.has(one) && one.name !== target && !drop.includes(one.name);
  const left = columns.filter(isLeft);
  const parts = [
    `Columns taken: ${namesOf(columns.filter((one) => taken.has(one))) || 'none'}`,
    target !== undefined && `predicted: ${target}`,
    drop.length > 0 && `dropped: ${drop.join(', ')}`,
    left.length > 0 && `left out: ${namesOf(left)}`,
  ];
  return `${parts.filter(Boolean).join('; ')}.`;
}

/** The columns of the data that are neither the target nor dropped. */
function columnsOffered(
  columns: readonly ColumnSummary[],
  { target, drop = [] }: ColumnChoice,
): readonly ColumnSummary[] {
  const left = [...(target === undefined ? [] : [target]), ...drop];
  const unknown = left.find((one) => !columns.some(({ name }) => name === one));
  if (unknown !== undefined)
    throw new Failure(`The data has no column ${unknown}. Its columns are ${namesOf(columns)}.`);
  return columns.filter(({ name }) => !left.includes(name));
}

function checkCount(offered: readonly ColumnSummary[], input: TensorSpec, { target }: ColumnChoice): void {
  const width = widthOf(input)!;
  if (offered.length === width) return;
  const [one, some] = [
    'Name the column that the model predicts with --target',
    'those that it does not take with --drop',
  ];
  const hint = offered.length < width ? '' : target === undefined ? ` ${one}, ${some}.` : ` Name ${some}.`;
  throw new Failure(
    `The data has ${offered.length} columns (${namesOf(offered)}), and the model takes ${width}.${hint} The columns must be those of ${input.name}, in the same order.`,
  );
}

/** An input of several columns beside others has numbered names, which data may lack. */
function columnsNamed(
  input: TensorSpec,
  width: number,
  offered: readonly ColumnSummary[],
  inputs: readonly TensorSpec[],
): readonly (ColumnSummary | undefined)[] {
  if (width > 1) return Array.from({ length: width }, (_, at) => columnNamed(`${input.name}_${at + 1}`, offered, []));
  const column = columnNamed(input.name, offered, inputs);
  if (column === undefined)
    throw new Failure(
      `The data has no column for ${input.name}. Name a column of the data like this input of the model. Its columns are ${namesOf(offered)}.`,
    );
  return [column];
}

/** The column of a name, or else the one whose name has the same letters: exporters turn "mean radius" into mean_radius. */
function columnNamed(
  wanted: string,
  offered: readonly ColumnSummary[],
  inputs: readonly TensorSpec[],
): ColumnSummary | undefined {
  const same = offered.filter(({ name }) => name === wanted);
  const isOther = (column: ColumnSummary): boolean => inputs.some(({ name }) => name === column.name);
  const letters = lettersOf(wanted);
  const alike = offered.filter((one) => letters !== '' && lettersOf(one.name) === letters && !isOther(one));
  const [column, other] = same.length > 0 ? same : alike;
  if (other !== undefined)
    throw new Failure(
      `The data's columns ${JSON.stringify(column!.name)} and ${JSON.stringify(other.name)} both fit ${wanted}. Name the one that the model does not take with --drop, or rename it.`,
    );
  return column;
}

function namesOf(columns: readonly ColumnSummary[]): string {
  const names = columns.slice(0, 20).map(({ name }) => name);
  return names.join(', ') + (columns.length > names.length ? ', …' : '');
}
