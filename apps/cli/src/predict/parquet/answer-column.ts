import type { SchemaElement } from 'hyparquet';
import type { ModelVersion } from '#engine';
import { itemRank } from '#features';

/** A column that the output adds, and how its values are stored. */
export interface AnswerColumn {
  readonly column: string;
  readonly element: Omit<SchemaElement, 'name'>;
  readonly store: (value: unknown) => unknown;
}

type Writer = ModelVersion['writer'];
type Member = Writer['members'][number];

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value, bigintAsText));
const bigintAsText = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

type Type = Omit<AnswerColumn, 'column'>;
const optional = { repetition_type: 'OPTIONAL' } as const;
/** Texts, and lists as JSON. */
export const TEXT: Type = { element: { ...optional, type: 'BYTE_ARRAY', converted_type: 'UTF8' }, store: asText };
const DOUBLE: Type = { element: { ...optional, type: 'DOUBLE' }, store: Number };
const INTEGER: Type = { element: { ...optional, type: 'INT64' }, store: (value) => BigInt(value as number) };
const UNSIGNED: Type = { ...INTEGER, element: { ...INTEGER.element, converted_type: 'UINT_64' } };
const BOOLEAN: Type = { element: { ...optional, type: 'BOOLEAN' }, store: Boolean };

/** The columns of a model's predictions, as `PredictionWriter.columns` names them. */
export function answerColumns({ writer, rows }: Pick<ModelVersion, 'writer' | 'rows'>): readonly AnswerColumn[] {
  const { classes } = writer.choice;
  // In the order of the columns; state has none.
  const members = writer.members.filter(({ output }, at) => at === 0 || output?.kind !== 'state');
  return writer.columns.map((column, at) => {
    if (at === 1 && classes !== undefined) return { column, ...DOUBLE };
    return { column, ...typeOf(members[at]!, writer, rows.kind !== 'none') };
  });
}

function typeOf({ output }: Member, writer: Writer, hasRows: boolean): Type {
  if (output === undefined) return writer.choice.classes?.hasManyLabels === true ? TEXT : typeOfLabels(writer.labels);
  if ('isBinary' in output || output.kind === 'entities' || output.kind === 'detections') return TEXT;
  const { datatype, shape } = output.spec;
  if (shape.length === 0 || itemRank(output.spec, hasRows) > 0 || datatype === 'BYTES') return TEXT;
  if (datatype === 'BOOL') return BOOLEAN;
  if (datatype.startsWith('FP')) return DOUBLE;
  // Labels are those of whole numbers alone.
  if (output.labels !== undefined) return typeOfLabels(output.labels);
  return datatype === 'UINT64' ? UNSIGNED : INTEGER;
}

/** Without labels, a class is its number. */
function typeOfLabels(labels: readonly (string | number | boolean)[] | undefined): Type {
  if (labels === undefined || labels.every((label) => Number.isInteger(label))) return INTEGER;
  if (labels.every((label) => typeof label === 'number')) return DOUBLE;
  return labels.every((label) => typeof label === 'boolean') ? BOOLEAN : TEXT;
}
