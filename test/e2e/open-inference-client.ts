import { mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const folders = new Map<string, string>();

/** A folder of these models alone, so that a test waits for no others; for the same models it is the same. */
export function modelsFolder(...paths: string[]): string {
  const key = paths.join();
  const folder = folders.get(key) ?? mkdtempSync(join(tmpdir(), 'nestor-models-'));
  if (!folders.has(key)) for (const path of paths) symlinkSync(resolve(path), join(folder, path.split('/').at(-1)!));
  folders.set(key, folder);
  return folder;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The body's JSON, of which there is a header's length where the header is there. */
  readonly json: any;
  /** What follows the JSON. */
  readonly rest: Buffer;
}

/** Sends bytes with these headers and no others: nothing is added, nothing is decompressed. */
export function send(url: string, body: Uint8Array | string, headers: Record<string, string> = {}): Promise<RawAnswer> {
  return new Promise((done, fail) => {
    const outgoing = request(url, { method: 'POST', headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => done(answerOf(response.statusCode!, response.headers, Buffer.concat(chunks))));
      response.on('error', fail);
    });
    outgoing.on('error', fail);
    if (headers['transfer-encoding'] === undefined) outgoing.setHeader('content-length', Buffer.byteLength(body));
    outgoing.end(body);
  });
}

function answerOf(status: number, headers: IncomingHttpHeaders, body: Buffer): RawAnswer {
  const length = Number(headers['inference-header-content-length'] ?? body.length);
  const readable = headers['content-encoding'] === undefined;
  const json = readable ? JSON.parse(body.toString('utf8', 0, length)) : undefined;
  return { status, headers, body, json, rest: body.subarray(length) };
}

/** A request with binary tensors after its JSON. */
export function binaryBody(json: object, ...tensors: Uint8Array[]): { body: Buffer; headers: Record<string, string> } {
  const header = Buffer.from(JSON.stringify(json));
  return {
    body: Buffer.concat([header, ...tensors]),
    headers: { 'inference-header-content-length': String(header.length) },
  };
}

export interface GoldenTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: number[];
  /** FP16 as bits, 64-bit integers as strings, NaN and infinities by their names. */
  readonly data: (number | string | boolean)[];
}

export interface Golden {
  readonly inputs: GoldenTensor[];
  readonly outputs: GoldenTensor[];
}

export function goldenOf(model: string): Golden {
  return JSON.parse(readFileSync(`test/models/${model}/golden.json`, 'utf8')) as Golden;
}

/** The elements of a golden tensor as the wire has them, little-endian. */
export function bytesOf({ datatype, data }: GoldenTensor): Uint8Array {
  const view = (array: ArrayBufferView): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  switch (datatype) {
    case 'BYTES':
      return Buffer.concat(
        data.flatMap((element) => {
          const text = Buffer.from(String(element));
          const length = Buffer.alloc(4);
          length.writeUInt32LE(text.length);
          return [length, text];
        }),
      );
    case 'INT64':
      return view(BigInt64Array.from(data, BigInt));
    case 'UINT64':
      return view(BigUint64Array.from(data, BigInt));
    default: {
      const arrays = {
        BOOL: Uint8Array,
        UINT8: Uint8Array,
        INT8: Int8Array,
        UINT16: Uint16Array,
        INT16: Int16Array,
        FP16: Uint16Array,
        UINT32: Uint32Array,
        INT32: Int32Array,
        FP32: Float32Array,
        FP64: Float64Array,
      };
      return view(new arrays[datatype as keyof typeof arrays](data.map(Number)));
    }
  }
}

/** A tensor as JSON text, every digit kept. */
export function jsonOf({ name, datatype, shape, data }: GoldenTensor): string {
  return `{"name":"${name}","datatype":"${datatype}","shape":[${shape.join()}],"data":[${data.map((element) => literalOf(datatype, element)).join()}]}`;
}

function literalOf(datatype: string, element: number | string | boolean): string {
  if (datatype === 'INT64' || datatype === 'UINT64') return String(element);
  if (datatype === 'FP16') return String(fromHalf(Number(element)));
  return JSON.stringify(element);
}

/** IEEE 754 binary16: 1 sign bit, 5 of exponent, 10 of fraction. Written out, so that the server's own is not its judge. */
function fromHalf(bits: number): number {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = (bits & 1023) / 1024;
  return exponent === 0 ? sign * 2 ** -14 * fraction : sign * 2 ** (exponent - 15) * (1 + fraction);
}
