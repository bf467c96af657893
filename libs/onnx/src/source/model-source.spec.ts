import { createHash } from 'node:crypto';
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ModelLoadError, OnnxSession, readSource, sourceOfBytes } from '#onnx';
import { golden, testModel, writeLargeModel } from '../../../../test/models/test-models.ts';
import { ELEMENT, type Graph } from '../model-file/model-file.ts';
import { modelBytes } from '../testing/model-bytes.fixture.ts';
import { requireUnchanged, rewrittenWeights } from './model-content.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nestor-source-'));
  path = join(folder, 'model.onnx');
});
afterEach(() => rmSync(folder, { recursive: true }));

const hashOf = (...contents: Uint8Array[]): string =>
  `sha256:${createHash('sha256').update(Buffer.concat(contents)).digest('hex')}`;

/** y = x + w, where w's two numbers lie in files of their own. */
function adding(...locations: string[]): Buffer {
  const vector = { kind: 'tensor', elementType: ELEMENT.FLOAT, shape: ['N', 2] } as const;
  const graph: Graph = {
    name: 'adding',
    nodes: locations.map((location, at) => ({
      ...{ name: '', operator: 'Add', domain: 'ai.onnx', attributes: new Map() },
      inputs: [at === 0 ? 'x' : `y${at - 1}`, location],
      outputs: [at === locations.length - 1 ? 'y' : `y${at}`],
    })),
    inputs: [{ name: 'x', ...vector }],
    outputs: [{ name: 'y', ...vector }],
    values: [],
    initializers: locations.map((location) => ({
      ...{ name: location, elementType: ELEMENT.FLOAT, shape: [2], location },
    })),
  };
  return modelBytes({ graph });
}

const weights = (...numbers: number[]): Buffer => Buffer.from(new Float32Array(numbers).buffer);

describe('a source', () => {
  test('has the digest of its file, and what was read from it', async () => {
    const source = await readSource('models/wine/1/model.onnx');
    expect(source.digest).toBe(hashOf(readFileSync('models/wine/1/model.onnx')));
    expect(source.file.producerName).toBe('skl2onnx');
  });

  test('has the digest of its external data too, as if it were appended, in the order of the paths', async () => {
    writeFileSync(path, adding('b.bin', 'a.bin'));
    writeFileSync(join(folder, 'a.bin'), weights(1, 2));
    writeFileSync(join(folder, 'b.bin'), weights(3, 4));
    const { digest, files } = await readSource(path);
    expect(digest).toBe(hashOf(adding('b.bin', 'a.bin'), weights(1, 2), weights(3, 4)));
    expect(files.map((file) => file.path)).toEqual([path, join(folder, 'a.bin'), join(folder, 'b.bin')]);
  });

  test('may be bytes, with external data beside the path they are called by', async () => {
    writeFileSync(join(folder, 'w.bin'), weights(10, 20));
    const source = await sourceOfBytes(adding('w.bin'), path);
    expect(source.digest).toBe(hashOf(adding('w.bin'), weights(10, 20)));
    const session = await OnnxSession.open(source, { intraOpThreads: 1 });
    const x = { datatype: 'FP32', shape: [1, 2], data: new Float32Array([1, 2]) } as const;
    expect((await session.run({ x }))['y']!.data).toEqual(new Float32Array([11, 22]));
    await session.close();
  });

  test.each([
    ['../secret.bin', /"\.\.\/secret\.bin", outside its folder/],
    ['/etc/passwd', /outside its folder/],
    ['nowhere.bin', /external data file, nowhere\.bin \(ENOENT\).*beside the \.onnx file/],
  ])('is refused where its weights lie at %s', async (location, reason) => {
    writeFileSync(path, adding(location));
    writeFileSync(join(folder, '..', 'secret.bin'), weights(1, 2));
    const refusal = await readSource(path).catch((error: unknown) => error);
    rmSync(join(folder, '..', 'secret.bin'));
    expect(refusal).toBeInstanceOf(ModelLoadError);
    expect((refusal as Error).message).toMatch(reason);
  });
});

describe('weights beside a model', () => {
  test('are read into memory: a change of their file changes nothing of what is served', async () => {
    writeFileSync(path, adding('w.bin'));
    const data = join(folder, 'w.bin');
    writeFileSync(data, weights(10, 20));
    const source = await readSource(path);
    expect(source.externalData).toBe('read');
    const session = await OnnxSession.open(source, { intraOpThreads: 1 });
    const x = { datatype: 'FP32', shape: [1, 2], data: new Float32Array([1, 2]) } as const;
    const sum = async () => (await session.run({ x }))['y']!.data;
    // As `cp` does: the same file, written over and then cut.
    for (const change of [() => writeFileSync(data, weights(1000, 2000)), () => truncateSync(data, 0)]) {
      change();
      expect(await sum()).toEqual(new Float32Array([11, 22]));
    }
    await session.close();
  });

  test('of 5 MiB, in parts of one file, are what the framework has', async () => {
    const large = await writeLargeModel(folder);
    const { inputs, outputs } = await golden('large');
    const source = await readSource(large);
    expect(source.externalData).toBe('read');
    const session = await OnnxSession.open(source, { intraOpThreads: 1 });
    truncateSync(join(dirname(large), 'weights.bin'), 0);
    expect(await session.run(inputs)).toEqual(outputs);
    await session.close();
  });

  test('are rewritten where they are written to, and not where another file takes their place', async () => {
    writeFileSync(path, adding('w.bin'));
    const data = join(folder, 'w.bin');
    writeFileSync(data, weights(10, 20));
    const source = await readSource(path);
    expect(await rewrittenWeights(source)).toEqual([]);
    writeFileSync(`${data}.new`, weights(1000, 2000, 3000));
    renameSync(`${data}.new`, data);
    expect(await rewrittenWeights(source)).toEqual([]);
    const replaced = await readSource(path);
    truncateSync(data, 4);
    expect(await rewrittenWeights(replaced)).toEqual([data]);
  });

  test('that are large are mapped', async () => {
    writeFileSync(path, adding('w.bin'));
    writeFileSync(join(folder, 'w.bin'), '');
    truncateSync(join(folder, 'w.bin'), 2 ** 26 + 1);
    expect((await readSource(path)).externalData).toBe('mapped');
    expect((await readSource('models/wine/1/model.onnx')).externalData).toBe('none');
  });
});

describe('what lies at the path', () => {
  test('is the same after a touch or a copy of the same bytes, and another after a change', async () => {
    copyFileSync(testModel('two-versions', '1'), path);
    const source = await readSource(path);
    utimesSync(path, 1, 1);
    await expect(requireUnchanged(source)).resolves.toBeUndefined();
    copyFileSync(testModel('two-versions', '2'), path);
    await expect(requireUnchanged(source)).rejects.toThrow(
      /changed after this version was loaded.*Load the model again/,
    );
    rmSync(path);
    await expect(requireUnchanged(source)).rejects.toThrow(/cannot be read any more \(ENOENT\)/);
  });

  test('is not opened where it is another than was read', async () => {
    copyFileSync(testModel('two-versions', '1'), path);
    const source = await readSource(path);
    for (const other of [testModel('two-versions', '2'), testModel('invalid/truncated')]) {
      copyFileSync(other, path);
      await expect(OnnxSession.open(source, { intraOpThreads: 1 })).rejects.toThrow(/changed after/);
    }
  });
});
