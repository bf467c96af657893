import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Engine } from './engine.ts';
import { open } from './testing/engine.fixture.ts';
import { ModelsOnDisk, PLUS_ONE, PLUS_TWO, TRUNCATED } from '../../models/src/testing/disk.fixture.ts';
import { testModel } from '../../../test/models/test-models.ts';

let disk: ModelsOnDisk;
const engines: Engine[] = [];
const opened = async (...given: Parameters<typeof open>): Promise<Engine> => {
  const engine = await open(...given);
  engines.push(engine);
  return engine;
};

beforeEach(async () => {
  disk = await ModelsOnDisk.create();
});
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
  await disk.remove();
});

describe('predict', () => {
  it('asks the latest version of the default model, or the ones that are named', async () => {
    await disk.put('m/1/model.onnx', PLUS_ONE);
    await disk.put('m/2/model.onnx', PLUS_TWO);
    await disk.manifest('m', { versions: 'all' });
    await disk.put('n/1/model.onnx', PLUS_ONE);
    const engine = await opened(disk.path, { defaultModel: 'm' });
    const record = { x: 1 };
    expect(await engine.predict(record)).toEqual({
      prediction: [3],
      warnings: [],
      model: { name: 'm', version: '2' },
    });
    expect(await engine.predict([record, record], { version: '1' })).toMatchObject({ prediction: [2, 2] });
    expect(await engine.predict(record, { model: 'n' })).toMatchObject({ model: { name: 'n', version: '1' } });
    expect(engine.describe()).toMatchObject({ name: 'm', served: [{ version: '2' }, { version: '1' }] });
    await expect(engine.predict([{ x: 'one' }])).rejects.toMatchObject({ code: 'INVALID_ROWS' });
    await expect(engine.predict(record, { model: 'o' })).rejects.toMatchObject({ code: 'UNKNOWN_MODEL' });
    expect(engine.get('m', '1').leases + engine.get('m', '2').leases).toBe(0);
  });

  it('wants a name where none of several models is the default', async () => {
    await disk.put('m/1/model.onnx', PLUS_ONE);
    await disk.put('n/1/model.onnx', PLUS_ONE);
    const engine = await opened(disk.path);
    await expect(engine.predict({ x: 1 })).rejects.toMatchObject({
      code: 'UNKNOWN_MODEL',
      message: 'Several models are served, and none is the default: name one of m, n, or have DEFAULT_MODEL set.',
    });
    expect(() => engine.describe()).toThrow(expect.objectContaining({ code: 'UNKNOWN_MODEL' }));
  });

  it('takes pictures where the model does: files, and pixels', async () => {
    const engine = await opened('models/digits');
    const { records, prediction } = JSON.parse(await readFile('models/digits/training/golden.json', 'utf8'));
    expect((await engine.predict(records.slice(0, 3))).prediction).toEqual(prediction.slice(0, 3));
    await expect(engine.predict([new Uint8Array(3)])).rejects.toMatchObject({ code: 'INVALID_IMAGE' });
  });

  it('gives up when its time is over, and does not begin what is wanted no more', async () => {
    const engine = await opened(testModel('slow').replace('/1/model.onnx', ''), { execution: 'pool', workers: 1 });
    const busy = engine.predict({ milliseconds: 300 });
    const caller = new AbortController();
    const left = engine.predict({ milliseconds: 1 }, { signal: caller.signal });
    caller.abort();
    await expect(left).rejects.toMatchObject({ code: 'CANCELLED' });
    await expect(engine.predict({ milliseconds: 1 }, { timeoutMs: 1 })).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    });
    await busy;
  });
});

describe('run', () => {
  const x = (...values: number[]) =>
    ({ datatype: 'FP32', shape: [values.length, 1], data: new Float32Array(values) }) as const;

  it('runs tensors as they are, of a model with rows and of one without', async () => {
    await disk.put('m/1/model.onnx', PLUS_ONE);
    const engine = await opened(disk.path);
    const { name } = engine.get().signature.outputs[0]!;
    expect(await engine.run({ x: x(1, 2.5) }, { outputs: [name] })).toEqual({
      outputs: { [name]: x(2, 3.5) },
      model: { name: 'm', version: '1' },
    });
    const scalars = await opened('test/models/scalars');
    const inputs = {
      x: { datatype: 'FP32', shape: [3], data: new Float32Array([1, 2, 3.5]) },
      factor: { datatype: 'FP32', shape: [], data: new Float32Array([2]) },
    } as const;
    expect((await scalars.run(inputs)).outputs['sum']).toMatchObject({ shape: [], data: new Float32Array([13]) });
  });

  it.each([
    ['an input that is missing', {}, 'INVALID_TENSOR', 'These inputs of the model are missing: "x".'],
    [
      'one that the model does not have',
      { x: x(1), y: x(1) },
      'INVALID_TENSOR',
      'The model has no input "y"; it takes "x".',
    ],
    ['another datatype', { x: { ...x(1), datatype: 'FP64' } }, 'INVALID_TENSOR', 'Input "x" has datatype "FP64";'],
    [
      'another shape',
      { x: { ...x(1), shape: [1] } },
      'INVALID_TENSOR',
      'Input "x" has shape [1]; the model takes [-1, 1]',
    ],
    [
      'too few elements',
      { x: { ...x(1), shape: [2, 1] } },
      'INVALID_TENSOR',
      'Input "x" has 1 elements; its shape has 2.',
    ],
    ['too many rows', { x: x(1, 2, 3) }, 'TOO_MANY_ROWS', 'at most 2 are taken at once'],
  ])('refuses %s', async (_, inputs: any, code, message) => {
    await disk.put('m/1/model.onnx', PLUS_ONE);
    const engine = await opened(disk.path, { maxRows: 2 });
    await expect(engine.run(inputs)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    await expect(engine.run({ x: x(1) }, { outputs: ['z'] })).rejects.toMatchObject({ code: 'INVALID_TENSOR' });
  });
});

describe('the limits of a version', () => {
  it('are its manifest’s, as far as the settings allow, else those of the settings', async () => {
    await disk.put('m/1/model.onnx', PLUS_ONE);
    const limitsBy = async (limits: object | undefined): Promise<unknown> => {
      await disk.manifest('m', limits === undefined ? {} : { limits });
      const engine = await opened(disk.path, { maxRows: 7, requestTimeoutSeconds: 10 });
      return engine.get('m').limits;
    };
    const settings = { maxRows: 7, timeoutMs: 10_000, emptyDimensions: true };
    expect(await limitsBy(undefined)).toEqual(settings);
    expect(await limitsBy({ maxRows: 20, timeoutSeconds: 2 })).toEqual({ ...settings, maxRows: 20, timeoutMs: 2000 });
    expect(await limitsBy({ maxRows: 2, timeoutSeconds: 60 })).toEqual({ ...settings, maxRows: 2 });
    expect(await limitsBy({ emptyDimensions: false })).toEqual({ ...settings, emptyDimensions: false });
  });
});

describe('several engines in one process', () => {
  it('share nothing: neither models, nor sessions and threads, nor who hears of their runs', async () => {
    await disk.put('a/m/1/model.onnx', PLUS_ONE);
    await disk.put('b/m/1/model.onnx', PLUS_TWO);
    const runs: string[] = [];
    const openOne = (name: string, execution: 'inline' | 'pool'): Promise<Engine> =>
      opened(`${disk.path}/${name}`, {
        execution,
        workers: 2,
        observe: () => ({ batchRun: () => void runs.push(name), jobWaited: () => undefined }),
      });
    const [a, b] = [await openOne('a', 'pool'), await openOne('b', 'inline')];
    const counts = (engine: Engine): number[] => [engine.sessions.count, engine.sessions.workers];
    expect([counts(a), counts(b)]).toEqual([
      [2, 2],
      [1, 0],
    ]);
    expect((await a.predict({ x: 1 })).prediction).toEqual([2]);
    expect((await b.predict({ x: 1 })).prediction).toEqual([3]);
    expect(runs).toEqual(['a', 'b']);
    await a.close();
    expect([counts(a), counts(b)]).toEqual([
      [0, 0],
      [1, 0],
    ]);
    await expect(a.predict({ x: 1 })).rejects.toMatchObject({ code: 'MODEL_NOT_READY' });
    expect((await b.predict({ x: 1 })).prediction).toEqual([3]);
  });
});

describe('after close', () => {
  it('nothing keeps the process alive: no thread, no timer, no file that was watched', async () => {
    await disk.put('inline/1/model.onnx', PLUS_ONE);
    await disk.put('pool/1/model.onnx', PLUS_ONE);
    await disk.manifest('pool', { execution: { where: 'pool', workers: 2 } });
    await disk.put('corrupt/1/model.onnx', TRUNCATED);
    const program = `
      import { Engine, RepositoryWatcher } from '#engine';
      const versions = ${JSON.stringify({
        ...{ maxRows: 100, requestTimeoutSeconds: 30, maxBatchRows: 64, maxBatchWaitMs: 5 },
        ...{ execution: 'auto', intraOpThreads: 1 },
      })};
      const engine = await Engine.open(${JSON.stringify(disk.path)}, { versions });
      new RepositoryWatcher(engine, { intervalSeconds: 3600 }).start();
      const answers = [];
      for (const model of ['inline', 'pool']) answers.push((await engine.predict({ x: 1 }, { model })).prediction[0]);
      const digits = await Engine.open('models/digits', { versions });
      const refusal = await digits.predict([Buffer.from('no picture')]).catch(({ code }) => code);
      await Promise.all([engine.close(), digits.close()]);
      console.log(JSON.stringify({ answers, refusal }));
    `;
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--conditions=nestor-source', '--input-type=module', '--eval', program],
      { timeout: 30_000 },
    );
    expect({ ...JSON.parse(stdout), stderr }).toEqual({ answers: [2, 2], refusal: 'INVALID_IMAGE', stderr: '' });
  });
});
