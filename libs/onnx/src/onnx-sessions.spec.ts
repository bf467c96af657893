import { expect, test } from '@jest/globals';
import { OnnxSessions, readSource } from '#onnx';
import { testModel } from '../../../test/models/test-models.ts';

const OPTIONS = { intraOpThreads: 1 };

test('those that are open are counted, each engine its own', async () => {
  const [one, other] = [new OnnxSessions(), new OnnxSessions()];
  const session = await one.open(await readSource(testModel('several')), OPTIONS);
  const pool = await one.openPool(await readSource(testModel('several')), { ...OPTIONS, workers: 2 });
  const elsewhere = await other.open(await readSource(testModel('several')), OPTIONS);
  expect([one.count, one.workers, other.count, other.workers]).toEqual([3, 2, 1, 0]);
  await one.close(pool);
  await one.close(pool);
  expect([one.count, one.workers]).toEqual([1, 0]);
  await one.close(session);
  await other.close(elsewhere);
  expect([one.count, other.count]).toEqual([0, 0]);
});

test('what cannot be opened is not among them', async () => {
  const sessions = new OnnxSessions();
  await expect(sessions.open(await readSource(testModel('invalid/sequence-output')), OPTIONS)).rejects.toThrow(
    /no tensor/,
  );
  await expect(
    sessions.openPool(await readSource(testModel('invalid/bf16')), { ...OPTIONS, workers: 2 }),
  ).rejects.toThrow(/BF16/);
  expect([sessions.count, sessions.workers]).toEqual([0, 0]);
});
