import { type Issue, NestorError } from '#errors';
import { type Feature, RowReader } from '#features';
import type { Signature } from '#tensor';
import type { Prediction } from './prediction.ts';
import type { SchemaResult, StandardSchema } from './standard-schema.ts';

/** What is known about a model without loading it. `nestor types` writes it. */
export interface ModelTypeParts {
  readonly name: string;
  readonly features: readonly Feature[];
  readonly inputs: Signature['inputs'];
  /** Whether the first dimension of the inputs is rows. */
  readonly hasRows: boolean;
  /** Whether a row may be a picture: the bytes of its file, or its pixels. */
  readonly takesPictures?: boolean;
}

/** A model as the compiler knows it: the types of a row and of an answer. */
export interface ModelType<Row = unknown, Answer = Prediction> {
  readonly name: string;
  readonly features: readonly Feature[];
  /** Validates a row as the model itself does: a Standard Schema. */
  readonly schema: StandardSchema<Row>;
  /** Validates a list of rows. */
  readonly rowsSchema: StandardSchema<readonly Row[]>;
  /** @throws PredictionError INVALID_ROWS with everything that is wrong with the rows */
  readonly check: (rows: unknown) => void;
  /** Has no value: it only carries the type of an answer. */
  readonly answer?: Answer;
}

/** Most rows that a schema validates at once; the model itself may take fewer. */
const MOST_ROWS = 10_000;

/** Declares a model to the compiler; the file that `nestor types` writes calls it. */
export function defineModel<Row, Answer = Prediction>(parts: ModelTypeParts): ModelType<Row, Answer> {
  const { name, features, inputs, hasRows, takesPictures } = parts;
  let reader: RowReader | undefined;
  const check = (rows: unknown): void => {
    if (!Array.isArray(rows)) throw new NestorError('INVALID_ROWS', 'A list of rows is expected.');
    // The content of a picture is checked when it is decoded.
    if (takesPictures === true && rows.every(isPicture)) return;
    reader ??= new RowReader(features, { inputs, outputs: [] }, { maxRows: MOST_ROWS, hasRows });
    reader.readRecords(rows);
  };
  return {
    name,
    features,
    check,
    schema: schemaOf<Row>(
      (row) => check([row]),
      ({ field }) => (field === undefined ? [] : [field]),
    ),
    rowsSchema: schemaOf<readonly Row[]>(check, ({ row, field }) => [row, field].filter((key) => key !== undefined)),
  };
}

const isPicture = (row: unknown): boolean =>
  row instanceof Uint8Array || (typeof row === 'object' && row !== null && 'pixels' in row);

function schemaOf<Value>(
  check: (value: unknown) => void,
  pathOf: (issue: Issue) => readonly (string | number)[],
): StandardSchema<Value> {
  const validate = (value: unknown): SchemaResult<Value> => {
    try {
      check(value);
      return { value: value as Value };
    } catch (error) {
      if (!(error instanceof NestorError)) throw error;
      const issues = error.errors.length > 0 ? error.errors : [{ detail: error.message }];
      return { issues: issues.map((issue) => ({ message: issue.detail, path: pathOf(issue) })) };
    }
  };
  return { '~standard': { version: 1, vendor: 'nestor', validate } };
}
