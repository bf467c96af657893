import { cellsOf, recordOf } from '#csv';
import { type Answer, get, post } from '../serve.ts';
import type { Case } from './case.ts';

/** A way to ask for the rows of a case. */
export interface Form {
  readonly name: string;
  /** What a server answers that serves the case's model. */
  readonly ask: (url: string, asked: Case) => Promise<unknown>;
  /** What it is to answer. */
  readonly expected: (asked: Case) => unknown;
}

export const FORMS: readonly Form[] = [
  {
    name: '/predict, records',
    ask: async (url, { columns, rows }) => {
      const records = rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])));
      const { model: _model, warnings: _warnings, ...members } = (await answered(`${url}/predict`, records)).json;
      return members;
    },
    expected: ({ answer }) => answer,
  },
  {
    name: '/predict, CSV',
    ask: async (url, { columns, rows }) => {
      const table = [columns, ...rows].map((row) => `${recordOf(row)}\n`).join('');
      const csv = { 'content-type': 'text/csv', accept: 'text/csv' };
      const { text } = await answered(`${url}/predict`, table, csv);
      const lines = text
        .trimEnd()
        .split('\n')
        .map((line) => cellsOf({ text: line, line: 1, fault: undefined }));
      return lines.map((cells) => cells.slice(columns.length).map(valueOf));
    },
    expected: tableOf,
  },
  {
    name: 'KServe V1',
    ask: async (url, { name, rows }) => {
      const { json } = await answered(`${url}/v1/models/${name}:predict`, { instances: rows });
      return json.predictions.map(flat);
    },
    expected: itemsOf,
  },
  {
    name: 'MLflow',
    ask: async (url, { columns, rows }) => {
      const { json } = await answered(`${url}/invocations`, { dataframe_split: { columns, data: rows } });
      return json.predictions.map(flat);
    },
    expected: itemsOf,
  },
  {
    name: 'V2',
    ask: async (url, { name, columns, rows }) => {
      const { inputs } = (await get(`${url}/v2/models/${name}`)).json;
      const tensors = inputs.map((input: object, at: number) =>
        inputs.length === 1
          ? { ...input, shape: [rows.length, columns.length], data: rows.flat() }
          : { ...input, shape: [rows.length, 1], data: rows.map((row) => row[at]) },
      );
      const { json } = await answered(`${url}/v2/models/${name}/infer`, { inputs: tensors });
      return json.outputs.map(({ data }: { data: readonly unknown[] }) => data);
    },
    expected: ({ answer }) => Object.values(answer).map(flat),
  },
];

async function answered(url: string, body: unknown, headers?: Record<string, string>): Promise<Answer> {
  const answer = await post(url, body, headers);
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}: ${answer.text}`);
  return answer;
}

/** What protocols answer that know nothing but an item a row: the prediction, and values beside it. */
function itemsOf({ answer }: Case): unknown {
  const keys = Object.keys(answer).filter((key) => !/^(probabilities|scores)/.test(key));
  return rowsOf(answer, keys).map(flat);
}

const ONE_CLASS: ReadonlySet<string> = new Set(['probability', 'score']);

/** The columns that a table gets, the last of which says what is wrong with a row: of the classes the predicted one's value alone. */
function tableOf({ answer }: Case): unknown {
  const columns = Object.keys(answer).map((key) => ({ probabilities: 'probability', scores: 'score' })[key] ?? key);
  const rows = rowsOf(answer, Object.keys(answer)).map(([prediction, ...values]) => [
    prediction,
    ...values.map((value, at) => (ONE_CLASS.has(columns[at + 1]!) ? ofLabel(value, prediction) : value)),
    '',
  ]);
  return [[...columns, 'error'], ...rows];
}

/** Of the values of all classes that of one; a number stands for itself. */
const ofLabel = (value: unknown, label: unknown): unknown =>
  typeof value === 'object' ? (value as Record<string, unknown>)[String(label)] : value;

/** What stands in a cell: numbers, lists and objects are JSON, words are not. */
function valueOf(cell: string): unknown {
  return /^[-\d[{]/.test(cell) ? JSON.parse(cell) : cell;
}

const rowsOf = (answer: Case['answer'], keys: readonly string[]): readonly (readonly unknown[])[] =>
  answer['prediction']!.map((_, row) => keys.map((key) => answer[key]![row]));

/** The values of lists within lists, and of objects, in their order. */
function flat(value: unknown): readonly unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(flat) : [value];
}
