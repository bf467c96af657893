import { fileURLToPath } from 'node:url';

/** The file that a worker thread starts from, and what Node must be told to run it. */
export interface WorkerEntry {
  readonly filename: string;
  readonly execArgv?: string[];
}

/**
 * The worker's code lies beside this module in every form that the project takes: `worker.ts` in the sources (where Node
 * strips the types, and finds the other libraries' sources by the condition), `worker.js` in the compiler's output and
 * in the bundle.
 */
export function workerEntry(): WorkerEntry {
  const here = import.meta.url;
  if (!here.endsWith('.ts')) return { filename: fileURLToPath(new URL('./worker.js', here)) };
  return { filename: fileURLToPath(new URL('./worker.ts', here)), execArgv: ['--conditions=nestor-source'] };
}
