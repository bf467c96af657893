import type { HttpRequest } from '../http-load.ts';
import { restBinary } from '../protocols/protocols.ts';
import { housesOf } from '../protocols/work.ts';
import { dataFrameWire, type House, houses } from '../wire.ts';

type Content = Pick<HttpRequest, 'headers' | 'body'>;

/** One form in which rows are sent. */
export interface Form {
  readonly id: string;
  readonly title: string;
  /** Where each server takes it. */
  readonly paths: { readonly nestor: string; readonly bare: string };
  readonly content: (rows: number) => Content;
}

const rowsOf = (list: readonly House[]): number[][] => list.map((house) => Object.values(house));
const columns = Object.keys(houses(1)[0]!);
const predict = (bare: string): Form['paths'] => ({ nestor: '/predict', bare });
const json = (body: string): Content => ({
  headers: { 'content-type': 'application/json' },
  body,
});

export const FORMS: readonly Form[] = [
  {
    id: 'frame',
    title: 'DataFrame dict',
    paths: predict('/frame'),
    content: (rows) => json(dataFrameWire.encode(houses(rows))),
  },
  {
    id: 'records',
    title: 'records',
    paths: predict('/records'),
    content: (rows) => json(JSON.stringify(houses(rows))),
  },
  {
    id: 'split',
    title: 'DataFrame split',
    paths: predict('/split'),
    content: (rows) => json(JSON.stringify({ dataframe_split: { columns, data: rowsOf(houses(rows)) } })),
  },
  {
    id: 'csv',
    title: 'CSV',
    paths: predict('/csv'),
    content: (rows: number): Content => {
      const lines = [columns, ...rowsOf(houses(rows))].map((cells) => cells.join(','));
      return { headers: { 'content-type': 'text/csv' }, body: `${lines.join('\n')}\n` };
    },
  },
  {
    id: 'binary',
    title: 'V2 REST, binary',
    paths: { nestor: '/v2/models/housing/infer', bare: '/binary' },
    content: (rows) => restBinary.exchange(housesOf(rows)),
  },
];
