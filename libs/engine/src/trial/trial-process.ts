import { writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { OnnxSessions } from '#onnx';
import { loadVersion } from '../loading/load-version.ts';
import type { TrialOutcome, TrialTask } from './trial-messages.ts';

/**
 * The code of a process that tries one version. It does everything that a load would, so that a model that crashes,
 * takes all memory or never returns does so here.
 */
process.once('message', (task: TrialTask) => {
  standBack();
  endAfter(task.timeoutMs);
  void trial(task).then((outcome) => process.send!(outcome, () => process.exit(0)));
});
process.once('disconnect', () => process.exit(0));

async function trial({ source, options, cpus }: TrialTask): Promise<TrialOutcome> {
  try {
    const sessions = new OnnxSessions();
    // The pool would only need memory for more copies of the model.
    const inline = { ...options, where: 'inline' } as const;
    const { timings } = await loadVersion(source, inline, { sessions, cpus });
    return { rowMs: timings.msPerRow[1] };
  } catch (error) {
    return { refusal: (error as Error).message };
  }
}

/** Gives the server priority, for CPU time and if memory runs out. */
function standBack(): void {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // Not every system has this file.
  }
}

/** Uses a separate thread, since a run that never ends blocks this one, and must not outlive the server. */
function endAfter(timeoutMs: number): void {
  const code = `setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${timeoutMs});`;
  new Worker(code, { eval: true }).unref();
}
