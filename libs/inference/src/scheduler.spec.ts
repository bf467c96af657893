import { describe, expect, it, jest } from '@jest/globals';
import type { Tensors } from '#tensor';
import type { Instance } from './instance.ts';
import { keepBusy } from './testing/busy.fixture.ts';
import { answerTo, FakeInstance, jobOf, plain, schedulerOf, turn } from './testing/fake-instance.fixture.ts';

describe('Scheduler', () => {
  it('runs what arrives in one turn as one batch, and hands each job its own rows', async () => {
    const instance = new FakeInstance();
    const scheduler = schedulerOf(instance);
    const results = await Promise.all([
      scheduler.submit(jobOf([1])),
      scheduler.submit(jobOf([2, 3])),
      scheduler.submit(jobOf([4])),
    ]);
    expect(instance.runs).toEqual([[1, 2, 3, 4]]);
    expect(results.map(({ outputs }) => plain(outputs))).toEqual([answerTo([1]), answerTo([2, 3]), answerTo([4])]);
    expect(results[1].outputs['label']!.shape).toEqual([2, 1]);
  });

  it('runs what arrives during a run as the next batch', async () => {
    const instance = new FakeInstance();
    const scheduler = schedulerOf(instance);
    instance.held = true;
    const first = scheduler.submit(jobOf([1]));
    await turn();
    const rest = [scheduler.submit(jobOf([2]))];
    await turn();
    rest.push(scheduler.submit(jobOf([3])));
    await turn();
    expect(instance.runs).toEqual([[1]]);
    expect(scheduler.queuedRows).toBe(2);
    instance.releaseAll();
    await Promise.all([first, ...rest]);
    expect(instance.runs).toEqual([[1], [2, 3]]);
  });

  it('passes a lone job through without a copy, outputs and all', async () => {
    const seen: Tensors[] = [];
    const output: Tensors = { y: { datatype: 'FP32', shape: [1], data: new Float32Array(1) } };
    const scheduler = schedulerOf({ concurrency: 1, run: async (inputs) => (seen.push(inputs), output) });
    const job = jobOf([1]);
    const { outputs } = await scheduler.submit(job);
    expect(seen[0]).toBe(job.inputs);
    expect(outputs).toBe(output);
  });

  it('cuts a long request into runs and serves others in between', async () => {
    const instance = new FakeInstance();
    const scheduler = schedulerOf(instance, { maxBatchSize: 4 });
    const long = Array.from({ length: 14 }, (_, row) => row);
    const order: string[] = [];
    const longDone = scheduler.submit(jobOf(long)).then((result) => (order.push('long'), result));
    const short = [100, 101, 102, 103, 104].map((value) =>
      scheduler.submit(jobOf([value])).then(() => order.push('short')),
    );
    expect(plain((await longDone).outputs)).toEqual(answerTo(long));
    await Promise.all(short);
    expect(order.at(-1)).toBe('long');
    expect(instance.runs.slice(0, 4)).toEqual([[100, 101, 102, 103], [0, 1, 2, 3], [104], [4, 5, 6, 7]]);
    expect(Math.max(...instance.runs.map((run) => run.length))).toBe(4);
  });

  it('lets the event loop turn between the runs of a long request', async () => {
    const instance = new FakeInstance();
    const lasting: Instance = {
      concurrency: 1,
      run(inputs) {
        keepBusy(8);
        return instance.run(inputs);
      },
    };
    const scheduler = schedulerOf(lasting, { maxBatchSize: 1 });
    const turns: number[] = [];
    let open = true;
    const tick = () => (turns.push(instance.runs.length), open && setImmediate(tick));
    setImmediate(tick);
    await scheduler.submit(jobOf([1, 2, 3, 4, 5, 6, 7, 8]));
    open = false;
    expect(new Set(turns).size).toBeGreaterThanOrEqual(3);
  });

  it('runs as many batches at once as the instance takes, sharing what waits among them', async () => {
    const instance = new FakeInstance(3);
    instance.held = true;
    const scheduler = schedulerOf(instance);
    const jobs = [1, 2, 3, 4, 5, 6, 7].map((value) => scheduler.submit(jobOf([value])));
    await turn();
    expect(instance.runs).toEqual([
      [1, 2, 3],
      [4, 5],
      [6, 7],
    ]);
    instance.releaseAll();
    await Promise.all(jobs);
    expect(instance.mostAtOnce).toBe(3);
  });

  it('puts the parts of a long request together in whatever order they end', async () => {
    const held: { values: Float32Array; end: () => void }[] = [];
    const scheduler = schedulerOf(
      {
        concurrency: 4,
        run: (inputs) =>
          new Promise((resolve) => {
            const values = inputs['x']!.data as Float32Array;
            held.push({
              values,
              end: () => resolve({ x: { datatype: 'FP32', shape: [values.length, 1], data: values } }),
            });
          }),
      },
      { maxBatchSize: 2 },
    );
    const data = Float32Array.from([1, 2, 3, 4, 5, 6, 7]);
    const result = scheduler.submit({
      inputs: { x: { datatype: 'FP32', shape: [7, 1], data } },
      rows: 7,
      deadline: Infinity,
    });
    await turn();
    expect(held.map(({ values }) => [...values])).toEqual([[1, 2], [3, 4], [5, 6], [7]]);
    for (const { end } of held.reverse()) end();
    expect((await result).outputs['x']).toEqual({ datatype: 'FP32', shape: [7, 1], data });
  });

  it('keeps jobs of other inner dimensions, inputs or wanted outputs out of a batch', async () => {
    const runs: [number, readonly string[] | undefined][] = [];
    const scheduler = schedulerOf({
      concurrency: 1,
      run: async (inputs, outputs) => {
        const rows = Object.values(inputs)[0]!.shape[0]!;
        runs.push([rows, outputs]);
        return { y: { datatype: 'FP32', shape: [rows], data: new Float32Array(rows) } };
      },
    });
    const wide = (width: number): Tensors => ({
      x: { datatype: 'FP32', shape: [1, width], data: new Float32Array(width) },
    });
    const submit = (inputs: Tensors, outputs?: string[]) =>
      scheduler.submit({ inputs, rows: 1, deadline: Infinity, ...(outputs && { outputs }) });
    const two: Tensors = { ...wide(2), z: wide(1)['x']! };
    await Promise.all([
      submit(wide(2)),
      submit(wide(3)),
      submit(wide(2)),
      submit(two),
      submit(wide(2), ['y']),
      submit(wide(3)),
      submit(wide(2), ['y']),
    ]);
    expect(runs).toEqual([
      [2, undefined],
      [2, undefined],
      [1, undefined],
      [2, ['y']],
    ]);
  });

  it('waits for more only where told to, and not once a batch is full', async () => {
    const instance = new FakeInstance();
    const scheduler = schedulerOf(instance, { maxBatchSize: 2, maxBatchWaitMs: 1e6 });
    const first = scheduler.submit(jobOf([1]));
    await turn();
    expect(instance.runs).toEqual([]);
    await Promise.all([first, scheduler.submit(jobOf([2]))]);
    expect(instance.runs).toEqual([[1, 2]]);
  });

  it('runs a batch that never fills after the longest wait', async () => {
    const instance = new FakeInstance();
    const scheduler = schedulerOf(instance, { maxBatchWaitMs: 5 });
    const [first, second] = await Promise.all([
      scheduler.submit(jobOf([1])),
      turn().then(() => scheduler.submit(jobOf([2]))),
    ]);
    expect(instance.runs).toEqual([[1, 2]]);
    expect(first.waitedMs).toBeGreaterThanOrEqual(5);
    expect(second.waitedMs).toBeLessThanOrEqual(first.waitedMs);
  });

  it('tells the observer of runs and waits', async () => {
    const watching = {
      batchRun: jest.fn<(rows: number, seconds: number) => void>(),
      jobWaited: jest.fn<(seconds: number) => void>(),
    };
    const scheduler = schedulerOf(new FakeInstance(), { observer: watching, maxBatchSize: 2 });
    await Promise.all([scheduler.submit(jobOf([1, 2, 3])), scheduler.submit(jobOf([4]))]);
    expect(watching.batchRun.mock.calls.map(([rows]) => rows).sort()).toEqual([1, 1, 2]);
    expect(watching.jobWaited).toHaveBeenCalledTimes(2);
  });
});

describe('a run that throws', () => {
  it('fails only the jobs that caused it, and their neighbours are answered', async () => {
    const instance = new FakeInstance();
    const scheduler = schedulerOf(instance);
    const values = [[1], [-2], [3, 4], [5], [-6]];
    const settled = await Promise.allSettled(values.map((rows) => scheduler.submit(jobOf(rows))));
    expect(
      settled.map((result) => (result.status === 'fulfilled' ? plain(result.value.outputs) : result.reason.code)),
    ).toEqual([answerTo([1]), 'MODEL_FAILED', answerTo([3, 4]), answerTo([5]), 'MODEL_FAILED']);
    expect(settled[1]).toMatchObject({ reason: { cause: { message: 'negative row' } } });
  });

  it('fails a long request as a whole and forgets its rest', async () => {
    const instance = new FakeInstance();
    const scheduler = schedulerOf(instance, { maxBatchSize: 2 });
    await expect(scheduler.submit(jobOf([1, -2, 3, 4, 5, 6, 7]))).rejects.toMatchObject({ code: 'MODEL_FAILED' });
    expect(scheduler).toMatchObject({ queuedRows: 0, queuedBytes: 0, jobsInFlight: 0 });
    await scheduler.idle();
    expect(instance.runs).toEqual([[1, -2]]);
  });

  it('runs jobs apart where the outputs of their batch are not by rows, and counts it', async () => {
    const scheduler = schedulerOf({
      concurrency: 1,
      run: async () => ({ y: { datatype: 'FP32', shape: [1], data: new Float32Array(1) } }),
    });
    await Promise.all([1, 2, 3, 4].map((value) => scheduler.submit(jobOf([value]))));
    expect(scheduler.misshapenBatches).toBe(3);
    await expect(scheduler.submit(jobOf([1, 2]))).rejects.toMatchObject({
      code: 'MODEL_FAILED',
      message: expect.stringContaining('"y" has shape [1] for 2 row(s)'),
    });
  });

  it('counts as one where the instance throws at once', async () => {
    const scheduler = schedulerOf({
      concurrency: 1,
      run: () => {
        throw new Error('closed');
      },
    });
    await expect(scheduler.submit(jobOf([1]))).rejects.toMatchObject({ code: 'MODEL_FAILED' });
    await scheduler.idle();
  });
});

describe('modes', () => {
  it('with one row a run: runs of one row, put together', async () => {
    const instance = new FakeInstance();
    const scheduler = schedulerOf(instance, { maxBatchSize: 1 });
    const [three, one] = await Promise.all([scheduler.submit(jobOf([1, 2, 3])), scheduler.submit(jobOf([4]))]);
    expect(plain(three.outputs)).toEqual(answerTo([1, 2, 3]));
    expect(plain(one.outputs)).toEqual(answerTo([4]));
    expect(instance.runs.every((run) => run.length === 1)).toBe(true);
  });

  it('with one row a run: outputs whose inner dimensions differ by row cannot be put together', async () => {
    let width = 0;
    const run = async (): Promise<Tensors> => ({
      y: { datatype: 'FP32', shape: [1, (width += 1)], data: new Float32Array(width) },
    });
    const scheduler = schedulerOf({ concurrency: 1, run }, { maxBatchSize: 1 });
    await expect(scheduler.submit(jobOf([1, 2]))).rejects.toMatchObject({
      code: 'MODEL_FAILED',
      message: expect.stringContaining('[1, 2] for some rows'),
    });
  });

  it('runs whole jobs each alone, as they are and whatever their shapes, and counts each as one row', async () => {
    const runs: Tensors[] = [];
    const run = async (inputs: Tensors): Promise<Tensors> => {
      runs.push(inputs);
      return inputs;
    };
    const scheduler = schedulerOf({ concurrency: 1, run });
    const scalar: Tensors = { x: { datatype: 'INT64', shape: [], data: BigInt64Array.of(7n) } };
    const many = jobOf([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const none = jobOf([]);
    const jobs = [{ inputs: scalar, rows: 1, deadline: Infinity }, many, many, none];
    const results = Promise.all(jobs.map((job) => scheduler.submit({ ...job, whole: true })));
    expect(scheduler.queuedRows).toBe(4);
    expect((await results).map(({ outputs }) => outputs)).toEqual([scalar, many.inputs, many.inputs, none.inputs]);
    expect(runs).toEqual([scalar, many.inputs, many.inputs, none.inputs]);
  });

  it('refuses inputs whose first dimension is not the rows', async () => {
    const scheduler = schedulerOf(new FakeInstance());
    await expect(scheduler.submit({ ...jobOf([1, 2]), rows: 3 })).rejects.toMatchObject({ code: 'INVALID_TENSOR' });
    await expect(scheduler.submit(jobOf([]))).rejects.toMatchObject({ code: 'NO_ROWS' });
    expect(scheduler.jobsInFlight).toBe(0);
  });
});
