import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { deflateSync, gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { sharedServer } from '../serve.ts';

const HOUSE = { CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 };
const RECORD = JSON.stringify(HOUSE);
const INSTANCES = JSON.stringify({ instances: [HOUSE] });
const CSV = `${Object.keys(HOUSE).join(',')}\n${Object.values(HOUSE).join(',')}\n`;

describe('bodies', () => {
  let url: string;

  beforeEach(async () => {
    ({ url } = await sharedServer({ MAX_BODY_BYTES: '1000', DEFAULT_MODEL: 'housing' }));
  });

  /** Sends pieces, each in a turn of its own, in chunks unless a length is given. */
  async function send(path: string, pieces: readonly (Buffer | string)[], headers: Record<string, string> = {}) {
    const request = httpRequest(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
    });
    request.flushHeaders();
    const answered = new Promise<{ status: number; body: string }>((resolve, reject) => {
      request.on('error', reject);
      request.on('response', (response) => {
        text(response).then((body) => resolve({ status: response.statusCode!, body }), reject);
      });
    });
    for (const piece of pieces) {
      request.write(piece);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    request.end();
    return answered;
  }

  const paths = [
    ['/predict', RECORD, 'application/json'],
    ['/predict', CSV, 'text/csv'],
    ['/v1/models/housing:predict', INSTANCES, 'application/json'],
    ['/invocations', INSTANCES, 'application/json'],
  ] as const;

  it.each(paths)('reach %s in one piece, in many, or compressed', async (path, body, type) => {
    const headers = { 'content-type': type };
    const whole = await send(path, [body], headers);
    expect(whole).toMatchObject({ status: 200, body: expect.stringContaining('26.56419') });
    const length = { ...headers, 'content-length': String(body.length) };
    for (const answer of [
      await send(path, body.match(/[^]{1,20}/g)!, headers),
      await send(path, body.match(/[^]{1,20}/g)!, length),
      await send(path, [gzipSync(body)], { ...headers, 'content-encoding': 'gzip' }),
      await send(path, [deflateSync(body)], { ...headers, 'content-encoding': 'deflate' }),
    ]) {
      expect(answer).toEqual(whole);
    }
  });

  it.each(paths)('that are too large for %s are rejected, in any form', async (path, body, type) => {
    const headers = { 'content-type': type };
    const large = body + ' '.repeat(2000);
    const bomb = gzipSync(Buffer.alloc(10_000_000, ' '));
    for (const answer of [
      await send(path, [' '.repeat(2000)], { ...headers, 'content-length': '2000' }),
      await send(path, [large.slice(0, 900), large.slice(900)], headers),
      await send(path, [bomb.subarray(0, 900)], { ...headers, 'content-encoding': 'gzip' }),
    ]) {
      expect(answer).toMatchObject({ status: 413, body: expect.stringContaining('more than 1000 bytes') });
    }
    expect(await send(path, [body], headers)).toMatchObject({ status: 200 });
  });

  it.each([
    ['no gzip', 'gzip', 400, 'MALFORMED_BODY'],
    [gzipSync(RECORD).subarray(0, 30), 'gzip', 400, 'MALFORMED_BODY'],
    [RECORD, 'br', 415, 'UNSUPPORTED_MEDIA_TYPE'],
  ])('that cannot be decompressed are rejected (%#)', async (body, encoding, status, code) => {
    const answer = await send('/predict', [body], { 'content-encoding': encoding });
    expect([answer.status, (JSON.parse(answer.body) as { code: string }).code]).toEqual([status, code]);
  });

  it('that decompress to nothing, whatever their length, are rejected', async () => {
    const nothing = Buffer.from('000000ffff', 'hex'); // a stored block of no bytes: RFC 1951, 3.2.4
    const body = Buffer.concat([gzipSync('').subarray(0, 10), ...Array.from({ length: 400 }, () => nothing)]);
    expect(await send('/predict', [body], { 'content-encoding': 'gzip' })).toMatchObject({ status: 413 });
  });

  it('of compressed CSV to be labelled as it arrives are rejected', async () => {
    const headers = { 'content-type': 'text/csv', accept: 'text/csv', 'content-encoding': 'gzip' };
    const answer = await send('/predict', [gzipSync(CSV)], headers);
    expect(answer).toMatchObject({ status: 415, body: expect.stringContaining('without Content-Encoding') });
  });
});
