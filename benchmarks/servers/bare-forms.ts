/**
 * A minimal Node server that reads each form of rows and rejects values that are not numbers: `node:http` and the
 * runtime. Requests that arrive in one turn of the event loop share a run. The cost of forms in Nestor is compared with
 * it.
 */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { NET, PREPROCESSING } from '../forms/picture.ts';
import { readCovering } from './read-picture.ts';
import { serveBodies } from './serve-bodies.ts';
import { OPTIONS } from './session-options.ts';
import { COLUMNS, predictFeatures } from './session.ts';

type Json = Record<string, unknown>;

/** One house after the other, its columns in the model's order. */
interface Houses {
  readonly rows: number;
  readonly features: Float32Array;
}

/** The handler of a path. */
interface Form {
  readonly read: (body: Buffer, headers: IncomingHttpHeaders) => Houses;
  readonly write: (prices: Float32Array, response: ServerResponse) => void;
}

const WIDTH = COLUMNS.length;
const net = await InferenceSession.create(NET, OPTIONS);

function numberOf(value: unknown): number {
  if (typeof value !== 'number') throw new TypeError(`${String(value)} is not a number`);
  return value;
}

/** Houses with the values that `at` returns. */
function housesOf(rows: number, at: (row: number, column: number) => unknown): Houses {
  const features = new Float32Array(rows * WIDTH);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < WIDTH; column += 1) features[row * WIDTH + column] = numberOf(at(row, column));
  }
  return { rows, features };
}

function readFrame(body: Buffer): Houses {
  const frame = JSON.parse(body.toString()) as Record<string, Json>;
  const columns = COLUMNS.map((name) => Object.values(frame[name]!));
  return housesOf(columns[0]!.length, (row, column) => columns[column]![row]);
}

function readRecords(body: Buffer): Houses {
  const records = JSON.parse(body.toString()) as Json[];
  return housesOf(records.length, (row, column) => records[row]![COLUMNS[column]!]);
}

function readSplit(body: Buffer): Houses {
  const { dataframe_split } = JSON.parse(body.toString()) as {
    dataframe_split: { columns: string[]; data: unknown[][] };
  };
  const places = COLUMNS.map((name) => dataframe_split.columns.indexOf(name));
  const { data } = dataframe_split;
  return housesOf(data.length, (row, column) => data[row]![places[column]!]);
}

/** Reads CSV without quotes. */
function readCsv(body: Buffer): Houses {
  const [head, ...lines] = body.toString().trimEnd().split('\n');
  const names = head!.split(',');
  const places = COLUMNS.map((name) => names.indexOf(name));
  const rows = lines.map((line) => line.split(','));
  return housesOf(rows.length, (row, column) => {
    const value = Number(rows[row]![places[column]!]);
    return Number.isNaN(value) ? rows[row]![places[column]!] : value;
  });
}

/** As tritonclient sends it: JSON, then the bytes of the tensor. */
function readBinary(body: Buffer, headers: IncomingHttpHeaders): Houses {
  const length = Number(headers['inference-header-content-length']);
  const { inputs } = JSON.parse(body.toString('utf8', 0, length)) as { inputs: [{ shape: [number, number] }] };
  const [rows, width] = inputs[0].shape;
  if (width !== WIDTH || body.length - length !== 4 * rows * width)
    throw new TypeError('The bytes do not fit the shape');
  return { rows, features: new Float32Array(new Uint8Array(body.subarray(length)).buffer) };
}

function send(response: ServerResponse, contentType: string, content: string | Buffer): void {
  response.setHeader('content-type', contentType);
  response.setHeader('content-length', Buffer.byteLength(content));
  response.end(content);
}

const writeJson = (prices: Float32Array, response: ServerResponse): void =>
  send(response, 'application/json', JSON.stringify({ prediction: Array.from(prices) }));

const writeCsv = (prices: Float32Array, response: ServerResponse): void =>
  send(response, 'text/csv', `prediction\n${prices.join('\n')}\n`);

function writeBinary(prices: Float32Array, response: ServerResponse): void {
  const parameters = { binary_data_size: prices.byteLength };
  const json = JSON.stringify({
    model_name: 'housing',
    outputs: [{ name: 'price', datatype: 'FP32', shape: [prices.length], parameters }],
  });
  response.setHeader('inference-header-content-length', json.length);
  const bytes = Buffer.from(prices.buffer, prices.byteOffset, prices.byteLength);
  send(response, 'application/octet-stream', Buffer.concat([Buffer.from(json), bytes]));
}

const FORMS: Readonly<Record<string, Form>> = {
  '/frame': { read: readFrame, write: writeJson },
  '/records': { read: readRecords, write: writeJson },
  '/split': { read: readSplit, write: writeJson },
  '/csv': { read: readCsv, write: writeCsv },
  '/binary': { read: readBinary, write: writeBinary },
};

async function answerJpeg(body: Buffer, response: ServerResponse): Promise<void> {
  const image = new Tensor('float32', await readCovering(body, PREPROCESSING), [
    1,
    3,
    PREPROCESSING.height,
    PREPROCESSING.width,
  ]);
  const { scores } = await net.run({ image });
  writeJson(scores!.data as Float32Array, response);
}

async function answer({ url, headers }: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
  if (url === '/jpeg') return answerJpeg(body, response);
  const { read, write } = FORMS[url!]!;
  const { rows, features } = read(body, headers);
  write(await predictFeatures(features, rows), response);
}

serveBodies(answer);
