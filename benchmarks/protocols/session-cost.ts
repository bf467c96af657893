import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Work } from './work.ts';

const MEASURED_MS = 200;

const sessions = new Map<string, Promise<InferenceSession>>();

/** Processor time in µs that a bare session takes for one request of this work, where so many share a run. */
export async function sessionCost(model: string, { input, shape, data }: Work, requests: number): Promise<number> {
  const session = await sessionOf(model);
  const values = new Float32Array(data.length * requests);
  for (let at = 0; at < requests; at += 1) values.set(data, at * data.length);
  const run = (): Promise<unknown> =>
    session.run({ [input]: new Tensor('float32', values, [shape[0]! * requests, ...shape.slice(1)]) });
  for (const deadline = performance.now() + MEASURED_MS / 2; performance.now() < deadline;) await run();
  let runs = 0;
  const before = process.cpuUsage();
  for (const deadline = performance.now() + MEASURED_MS; performance.now() < deadline; runs += 1) await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / runs / requests;
}

/** Opened as Nestor opens it. */
function sessionOf(model: string): Promise<InferenceSession> {
  const opened =
    sessions.get(model) ??
    InferenceSession.create(model, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
  sessions.set(model, opened);
  return opened;
}
