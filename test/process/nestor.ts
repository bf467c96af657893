import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach } from '@jest/globals';
import { processEnvironment } from './spawn.ts';

/** The built command line. */
export const NESTOR = resolve('dist/bundle/nestor.js');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ended>;
}

const running = new Set<Running>();
const folders: string[] = [];

/** Starts `nestor` as a process of its own. */
export function startNestor(args: readonly string[], env: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, [NESTOR, ...args], {
    env: { ...processEnvironment(), ...env },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const process_ = { child, ended: once(child, 'close').then(([code]) => ({ code, stdout, stderr })) };
  running.add(process_);
  return process_;
}

/** Runs `nestor` to its end. */
export function nestor(...args: readonly string[]): Promise<Ended> {
  return startNestor(args).ended;
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nestor-'));
  folders.push(folder);
  return folder;
}

afterEach(async () => {
  for (const { child } of running) child.kill('SIGKILL');
  await Promise.all([...running].map(({ ended }) => ended));
  running.clear();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
