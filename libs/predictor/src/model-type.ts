import { type Issue, NestorError } from '#errors';
import { type Feature, RowReader } from '#features';
import type { Signature } from '#tensor';
import type { Prediction } from './prediction.ts';
import type { SchemaResult, StandardSchema } from './standard-schema.ts';

/** What is known of a model where it is not loaded. `nestor types` writes it. */
export interface ModelTypeParts {
  readonly name: string;
  readonly features: readonly Feature[];
  readonly inputs: Signature['inputs'];
  /** Whether the first dimension of the inputs is rows. */
  readonly hasRows: boolean;
}

/** A model as the compiler knows it: what a row is, and what an answer. */
export interface ModelType<Row = unknown, Answer = Prediction> {
  readonly name: string;
  readonly features: readonly Feature[];
  /** Judges a row as the model itself does, wherever a Standard Schema is taken. */
  readonly schema: StandardSchema<Row>;
  /** Judges a list of rows. */
  readonly rowsSchema: StandardSchema<readonly Row[]>;
  /** No value: it carries the type of an answer. */
  readonly answer?: Answer;
}

/** Most rows that a schema takes at once; the model itself may take fewer. */
const MOST_ROWS = 10_000;

/** Makes a model known to the compiler; the file that `nestor types` writes calls it. */
export function defineModel<Row, Answer = Prediction>(parts: ModelTypeParts): ModelType<Row, Answer> {
  const { name, features } = parts;
  let reader: RowReader | undefined;
  const read = (rows: readonly unknown[]): void => {
    const signature = { inputs: parts.inputs, outputs: [] };
    reader ??= new RowReader(features, signature, { maxRows: MOST_ROWS, hasRows: parts.hasRows });
    reader.readRecords(rows);
  };
  return {
    name,
    features,
    schema: schema(
      (row: Row) => read([row]),
      ({ field }) => (field === undefined ? [] : [field]),
    ),
    rowsSchema: schema(
      (rows: readonly Row[]) => read(listed(rows)),
      ({ row, field }) => [row, field].filter((key) => key !== undefined),
    ),
  };
}

function listed(rows: unknown): readonly unknown[] {
  if (Array.isArray(rows)) return rows;
  throw new NestorError('INVALID_ROWS', 'A list of rows is expected.');
}

function schema<Value>(
  check: (value: Value) => void,
  pathOf: (issue: Issue) => readonly (string | number)[],
): StandardSchema<Value> {
  const validate = (value: unknown): SchemaResult<Value> => {
    try {
      check(value as Value);
      return { value: value as Value };
    } catch (error) {
      if (!(error instanceof NestorError)) throw error;
      const issues = error.errors.length > 0 ? error.errors : [{ detail: error.message }];
      return { issues: issues.map((issue) => ({ message: issue.detail, path: pathOf(issue) })) };
    }
  };
  return { '~standard': { version: 1, vendor: 'nestor', validate } };
}
