import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NestorError } from '#errors';
import { OnnxSession, readSource } from '#onnx';
import type { Tensors } from '#tensor';
import { modelOf, type Sketch } from '../../onnx/src/testing/graphs.fixture.ts';
import { modelBytes } from '../../onnx/src/testing/model-bytes.fixture.ts';
import { sketches } from '../../onnx/src/testing/random-sketch.fixture.ts';
import { isClose, made } from '../../onnx/src/testing/rows-in-runs.fixture.ts';
import { open } from './testing/engine.fixture.ts';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 60);
/** First dimensions of requests that come at the same time. */
const COUNTS = [1, 3, 2, 1, 3];

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'nestor-'))));
afterEach(() => rm(folder, { recursive: true }));

/** What the runtime itself answers; undefined where it refuses. */
async function answersOfRuntime(
  path: string,
  requests: readonly Tensors[],
): Promise<(Tensors | undefined)[] | undefined> {
  const session = await OnnxSession.open(await readSource(path), { intraOpThreads: 1 }).catch(() => undefined);
  if (session === undefined) return undefined;
  const answers = [];
  for (const inputs of requests) answers.push(await session.run(inputs).catch(() => undefined));
  await session.close();
  return answers;
}

function requestsOf(sketch: Sketch, seed: number): Tensors[] {
  const { inputs } = modelOf(sketch).graph;
  return COUNTS.map((count, nth) =>
    Object.fromEntries(inputs.map((input, at) => [input.name, made(input, count, seed + 10 * nth + at)])),
  );
}

test('tensors are answered as the runtime answers them alone, whatever else is asked at the same time', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(sketches, fc.nat(1000), async (sketch, seed) => {
      const path = join(folder, 'model.onnx');
      await writeFile(path, modelBytes(modelOf(sketch)));
      const requests = requestsOf(sketch, seed);
      const expected = await answersOfRuntime(path, requests);
      if (expected === undefined) return;
      const engine = await open(path);
      try {
        const answers = await Promise.all(
          requests.map((inputs) =>
            engine.run(inputs).then(
              ({ outputs }) => outputs,
              (error: unknown) => error,
            ),
          ),
        );
        for (const [at, answer] of answers.entries()) {
          const right = expected[at];
          if (right === undefined) expect(answer).toBeInstanceOf(NestorError);
          else {
            compared += 1;
            for (const name of Object.keys(right)) {
              expect((answer as Tensors)[name]?.shape).toEqual([...right[name]!.shape]);
              expect(isClose(right[name]!, (answer as Tensors)[name]!)).toBe(true);
            }
          }
        }
      } finally {
        await engine.close();
      }
    }),
    { numRuns: RUNS },
  );
  expect(compared).toBeGreaterThan(RUNS);
});
