import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ModelLoadError, OnnxSession, readSource, SessionPool, sourceOfBytes } from '#onnx';
import type { Tensors } from '#tensor';
import { golden, testModel } from '../../../test/models/test-models.ts';

const opened: { close(): Promise<void> }[] = [];

async function openPool(name: string, workers = 1): Promise<SessionPool> {
  const pool = await SessionPool.open(await readSource(testModel(name)), { intraOpThreads: 1, workers });
  opened.push(pool);
  return pool;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

const milliseconds = (count: number): Tensors => ({
  milliseconds: { datatype: 'INT64', shape: [1, 1], data: new BigInt64Array([BigInt(count)]) },
});

describe('a pool answers as a session does', () => {
  test.each([
    'several',
    'scalars',
    'identity-fp16',
    'identity-string',
    'identity-bool',
    'sklearn-columns',
    'sklearn-zipmap',
  ])('%s', async (name) => {
    const { inputs } = await golden(name);
    const session = await OnnxSession.open(await readSource(testModel(name)), { intraOpThreads: 1 });
    opened.push(session);
    const pool = await openPool(name);
    expect(pool.signature).toEqual(session.signature);
    expect(pool.unservedOutputs).toEqual(session.unservedOutputs);
    expect(await pool.run(inputs)).toEqual(await session.run(inputs));
  });

  test('gives only the outputs asked for', async () => {
    const { inputs, outputs } = await golden('several');
    expect(await (await openPool('several')).run(inputs, ['next'])).toEqual({ next: outputs['next'] });
  });
});

/** The nice values of all threads of this process. See proc_pid_stat(5): the 19th field; the name may hold spaces. */
function niceValues(): number[] {
  return readdirSync('/proc/self/task').map((thread) => {
    const text = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8');
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[16]);
  });
}

describe('the threads', () => {
  test('give way to the event loop, whose priority stays what it was', async () => {
    const own = getPriority();
    const nicer = (): number => niceValues().filter((nice) => nice > own).length;
    const before = nicer();
    await openPool('identity-fp32', 2);
    expect(nicer() - before).toBe(2);
    expect(getPriority()).toBe(own);
  });
});

describe('the inputs of a run', () => {
  test('stay the caller’s, and may be views into one buffer', async () => {
    const pool = await openPool('identity-fp32');
    const all = new Float32Array([1, 2, 3, 4, 5, 6]);
    const row = (index: number): Tensors => ({
      x: { datatype: 'FP32', shape: [1, 2], data: all.subarray(2 * index, 2 * index + 2) },
    });
    const answers = await Promise.all([0, 1, 2].map((index) => pool.run(row(index))));
    expect(answers.map(({ y }) => [...(y!.data as Float32Array)])).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect([...all]).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('while a model works', () => {
  test('the event loop goes on', async () => {
    const pool = await openPool('slow');
    let turns = 0;
    const turn = (): void => {
      turns += 1;
      next = setImmediate(turn);
    };
    let next = setImmediate(turn);
    await pool.run(milliseconds(200));
    clearImmediate(next);
    expect(turns).toBeGreaterThan(100);
  });

  test('more runs than threads each get their own answer', async () => {
    const pool = await openPool('slow', 2);
    expect(pool.concurrency).toBe(2);
    const asked = [5, 1, 4, 2, 3, 0];
    const answers = await Promise.all(asked.map((count) => pool.run(milliseconds(count))));
    expect(answers.map(({ worked_for }) => Number((worked_for!.data as BigInt64Array)[0]))).toEqual(asked);
  });
});

/** Ends a thread of the pool; resolves once another has taken its place. */
async function replaced(pool: SessionPool): Promise<void> {
  const [victim] = pool.threads;
  const exit = once(victim!, 'exit');
  await victim!.terminate();
  await exit;
  expect(pool.threads).not.toContain(victim);
}

describe('what goes wrong', () => {
  test('a failed run is rejected with the runtime’s words, and the thread goes on', async () => {
    const pool = await openPool('fails-on-value');
    const look = (index: bigint) =>
      pool.run({ index: { datatype: 'INT64', shape: [1], data: new BigInt64Array([index]) } });
    const [thread] = pool.threads;
    await expect(look(9n)).rejects.toThrow(/out of data bounds/);
    expect((await look(2n))['value']!.data).toEqual(new Float32Array([30]));
    expect(pool.threads).toEqual([thread]);
  });

  test('a thread that dies rejects its run and is replaced', async () => {
    const pool = await openPool('slow');
    const [victim] = pool.threads;
    // The thread is told to end before the run reaches it: within a run it would take the process along.
    const ended = victim!.terminate();
    await expect(pool.run(milliseconds(1))).rejects.toThrow(/worker exited/);
    await ended;
    expect(pool.threads).toHaveLength(1);
    expect(pool.threads[0]).not.toBe(victim);
    expect(await pool.run(milliseconds(1))).toHaveProperty('worked_for');
  });

  test('a thread that dies idle is replaced', async () => {
    const pool = await openPool('several', 2);
    await replaced(pool);
    expect(pool.threads).toHaveLength(2);
  });

  test('a thread that takes a dead one’s place opens the model that the pool was opened of, and no other', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nestor-pool-'));
    const path = join(folder, 'model.onnx');
    copyFileSync(testModel('two-versions', '1'), path);
    const pool = await SessionPool.open(await readSource(path), { intraOpThreads: 1, workers: 1 });
    opened.push(pool);
    const { inputs } = await golden('two-versions');
    const before = await pool.run(inputs);

    copyFileSync(testModel('two-versions', '2'), path);
    await replaced(pool);
    const refusal = await pool.run(inputs).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ModelLoadError);
    expect((refusal as Error).message).toMatch(/model\.onnx: it was changed after this version was loaded/);

    // A failed opening is not kept: with the former file back, the same thread serves.
    const [thread] = pool.threads;
    copyFileSync(testModel('two-versions', '1'), path);
    expect(await pool.run(inputs)).toEqual(before);
    expect(pool.threads).toEqual([thread]);
    rmSync(folder, { recursive: true });
  });

  test('a thread that takes a dead one’s place opens bytes again, whatever lies at their path', async () => {
    const source = await sourceOfBytes(readFileSync(testModel('two-versions', '1')), testModel('two-versions', '2'));
    const pool = await SessionPool.open(source, { intraOpThreads: 1, workers: 1 });
    opened.push(pool);
    const { inputs } = await golden('two-versions');
    const before = await pool.run(inputs);
    await replaced(pool);
    expect(await pool.run(inputs)).toEqual(before);
  });

  test('a model that cannot be served is refused as a session refuses it', async () => {
    const refusal = await openPool('invalid/bf16', 2).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ModelLoadError);
    expect((refusal as Error).message).toMatch(/bf16.*datatype BF16.*Add a Cast/);
  });
});

describe('closing', () => {
  test('lets runs under way finish, ends the threads and rejects later runs', async () => {
    const pool = await openPool('slow', 2);
    expect(pool.threads).toHaveLength(2);
    const exits = pool.threads.map((thread) => once(thread, 'exit'));
    const run = pool.run(milliseconds(50));
    await Promise.all([pool.close(), pool.close()]);
    await expect(run).resolves.toHaveProperty('worked_for');
    await Promise.all(exits);
    expect(pool.threads).toHaveLength(0);
    await expect(pool.run(milliseconds(1))).rejects.toThrow(/closed/);
  });
});
