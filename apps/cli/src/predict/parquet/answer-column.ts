import type { SchemaElement } from 'hyparquet';
import type { ModelVersion } from '#engine';

/** A column that a table gets, and how its values are stored. */
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

/** The columns of a model's answers, by `PredictionWriter.columns`. */
export function answerColumns(writer: Writer): readonly AnswerColumn[] {
  return writer.columns.map((column, at) => {
    if (at > 0 && (column === 'probability' || column === 'score')) return { column, ...DOUBLE };
    const member = at === 0 ? writer.members[0]! : writer.members.find(({ key }) => key === column);
    return { column, ...typeOf(member, writer) };
  });
}

function typeOf(member: Member | undefined, writer: Writer): Type {
  const output = member?.output;
  if (output === undefined) return writer.choice.classes?.hasManyLabels === true ? TEXT : typeOfLabels(writer.labels);
  if ('isBinary' in output || output.kind === 'entities' || output.kind === 'detections') return TEXT;
  const { datatype, shape } = output.spec;
  if (shape.length === 0 || shape.slice(1).some((size) => size !== 1)) return TEXT;
  if (output.labels !== undefined) return typeOfLabels(output.labels);
  if (datatype === 'BYTES') return TEXT;
  if (datatype === 'BOOL') return BOOLEAN;
  if (datatype.startsWith('FP')) return DOUBLE;
  return datatype === 'UINT64' ? UNSIGNED : INTEGER;
}

/** Without labels, a class is its number. */
function typeOfLabels(labels: readonly (string | number | boolean)[] | undefined): Type {
  if (labels === undefined || labels.every((label) => Number.isInteger(label))) return INTEGER;
  if (labels.every((label) => typeof label === 'number')) return DOUBLE;
  return labels.every((label) => typeof label === 'boolean') ? BOOLEAN : TEXT;
}
