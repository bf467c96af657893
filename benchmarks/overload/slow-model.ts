import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { byStatus, type Call, sendInTurn } from '../callers.ts';
import { NestorProcess } from '../nestor-process.ts';

/** Leaves one CPU to the event loop and to the client, which in production would run on another machine. */
export const WORKERS = Math.max(1, availableParallelism() - 1);

const CALIBRATION_SECONDS = 3;
/** The highest value of the model's feature. */
const MOST_WORK = 10_000;

/** A model whose runs take as much work as a request asks for, and a small model beside it. */
export interface SlowServer {
  readonly nestor: NestorProcess;
  readonly call: (connections: number) => Call;
}

/** Serves both models with the default of every setting except WORKERS, does the work, and stops. */
export async function withSlowModel<T>(
  work: number,
  env: Readonly<Record<string, string>>,
  use: (server: SlowServer) => Promise<T>,
): Promise<T> {
  const models = modelsWith(work);
  const nestor = await NestorProcess.start({
    ...{ MODELS: models, DEFAULT_MODEL: 'slow', DRAIN_SECONDS: '0', WORKERS: String(WORKERS) },
    ...env,
  });
  const body = JSON.stringify({ milliseconds: work });
  try {
    return await use({ nestor, call: (connections) => ({ url: `${nestor.url}/predict`, body, connections }) });
  } finally {
    await nestor.stop();
    rmSync(models, { recursive: true });
  }
}

/** How much work takes this machine this many milliseconds, measured with a single caller. */
export async function calibrated(runMs: number): Promise<number> {
  const guess = Math.max(1, Math.round(runMs));
  const p50Ms = await withSlowModel(guess, {}, async ({ call }) => {
    await sendInTurn(call(1), CALIBRATION_SECONDS);
    return byStatus(await sendInTurn(call(1), CALIBRATION_SECONDS), CALIBRATION_SECONDS)['200']!.p50Ms;
  });
  return Math.max(1, Math.min(MOST_WORK, Math.round(guess * (runMs / p50Ms))));
}

/** The example is the request of this benchmark, since the server measures the cost of runs with it. */
function modelsWith(work: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'benchmark-'));
  cpSync('models/housing', join(folder, 'housing'), { recursive: true });
  cpSync('test/models/slow', join(folder, 'slow'), { recursive: true });
  const path = join(folder, 'slow/model.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as { features: { example: number }[] };
  manifest.features[0]!.example = work;
  writeFileSync(path, JSON.stringify(manifest));
  return folder;
}
