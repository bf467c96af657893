import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readOnnxHeader } from './onnx-header.ts';

const folder = mkdtempSync(join(tmpdir(), 'nestor-'));
const path = join(folder, 'model.onnx');

afterAll(() => rmSync(folder, { recursive: true }));

const read = (bytes: Uint8Array) => {
  writeFileSync(path, bytes);
  return readOnnxHeader(path);
};

describe('readOnnxHeader', () => {
  it('reads what a file says of itself', async () => {
    expect(await readOnnxHeader('models/wine/1/model.onnx')).toMatchObject({
      irVersion: expect.any(Number),
      producerName: 'skl2onnx',
      opsets: { 'ai.onnx': expect.any(Number), 'ai.onnx.ml': 1 },
    });
  });

  it('reads metadata, after a graph of any size', async () => {
    const entry = Buffer.from('\x0a\x06author\x12\x05Ilija');
    const graph = Buffer.concat([Buffer.from([0x3a, 0x80, 0x80, 0x40]), Buffer.alloc(2 ** 20)]);
    const bytes = Buffer.concat([Buffer.from([0x08, 10]), graph, Buffer.from([0x72, entry.length]), entry]);
    expect(await read(bytes)).toEqual({ irVersion: 10, opsets: {}, metadata: { author: 'Ilija' } });
  });

  it('says of other files that they are none, whatever is in them', async () => {
    expect(await read(Buffer.from('this is no model'))).toBeUndefined();
    const model = readFileSync('models/wine/1/model.onnx');
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.nat(model.length - 1).map((length) => model.subarray(0, length)),
          fc
            .tuple(fc.nat(model.length - 1), fc.nat(255))
            .map(([at, byte]) => Buffer.from(model).fill(byte, at, at + 1)),
        ),
        async (bytes) => {
          const header = await read(bytes);
          expect(header === undefined || typeof header.opsets === 'object').toBe(true);
        },
      ),
    );
  });
});
