import type { HttpRequest } from '../http-load.ts';
import { restBinary } from '../protocols/protocols.ts';
import { housesOf } from '../protocols/work.ts';
import { JPEG } from './picture.ts';
import { dataFrameWire, type House, houses } from '../wire.ts';

type Content = Pick<HttpRequest, 'headers' | 'body'>;

/** One form of rows. */
export interface Form {
  readonly id: string;
  readonly title: string;
  /** The path for it on each server. */
  readonly paths: { readonly nestor: string; readonly bare: string };
  readonly content: (rows: number) => Content;
  readonly loads: readonly Load[];
}

/** The load with a form, and the figure that counts. */
export interface Load {
  readonly rows: number;
  readonly connections: number;
  readonly figure: 'cpuMicroseconds' | 'p50Ms';
  /** The limit of Nestor's figure, relative to the bare server's. */
  readonly bar?: number;
}

const lone = (bar?: number): Load => ({ rows: 1, connections: 1, figure: 'p50Ms', ...(bar && { bar }) });
const many = (bar?: number): Load => ({ rows: 1, connections: 64, figure: 'cpuMicroseconds', ...(bar && { bar }) });
const large = (bar?: number): Load => ({ rows: 1000, connections: 4, figure: 'cpuMicroseconds', ...(bar && { bar }) });
const JSON_LOADS = [many(1.35), lone(1.2), large(1.2)];

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
    loads: JSON_LOADS,
  },
  {
    id: 'records',
    title: 'records',
    paths: predict('/records'),
    content: (rows) => json(JSON.stringify(houses(rows))),
    loads: JSON_LOADS,
  },
  {
    id: 'split',
    title: 'DataFrame split',
    paths: predict('/split'),
    content: (rows) => json(JSON.stringify({ dataframe_split: { columns, data: rowsOf(houses(rows)) } })),
    loads: JSON_LOADS,
  },
  {
    id: 'csv',
    title: 'CSV',
    paths: predict('/csv'),
    content: (rows: number): Content => {
      const lines = [columns, ...rowsOf(houses(rows))].map((cells) => cells.join(','));
      return { headers: { 'content-type': 'text/csv' }, body: `${lines.join('\n')}\n` };
    },
    loads: [many(), lone(), large()],
  },
  {
    id: 'binary',
    title: 'V2 REST, binary',
    paths: { nestor: '/v2/models/housing/infer', bare: '/binary' },
    content: (rows) => restBinary.exchange(housesOf(rows)),
    loads: [many(1.35), lone(1.2), large(1.35)],
  },
  {
    id: 'jpeg',
    title: 'JPEG',
    paths: { nestor: '/models/picture/predict', bare: '/jpeg' },
    content: () => ({ headers: { 'content-type': 'image/jpeg' }, body: JPEG }),
    loads: [{ rows: 1, connections: 4, figure: 'cpuMicroseconds', bar: 1.15 }],
  },
];
