import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach } from '@jest/globals';

const MAIN = 'dist/bundle/main.js';

/** The built server as a process of its own, as `npm start` and the image run it. */
export class ServerProcess {
  stdout = '';
  stderr = '';
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  readonly child: ChildProcessWithoutNullStreams;

  constructor(env: Record<string, string>, args: readonly string[] = []) {
    this.child = spawn(process.execPath, [MAIN, ...args], {
      env: {
        ...processEnvironment(),
        HOST: '127.0.0.1',
        PORT: '0',
        GRPC_PORT: '0',
        ...env,
      },
    });
    this.child.stdout.on('data', (chunk) => (this.stdout += chunk));
    this.child.stderr.on('data', (chunk) => (this.stderr += chunk));
    this.exited = once(this.child, 'close').then(([code, signal]) => ({ code, signal }));
    processes.add(this);
  }

  /** The log's lines so far, parsed. */
  get log(): Record<string, unknown>[] {
    return this.stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  /** The address, once the server says that it listens; rejects where it ends before. */
  async ready(): Promise<string> {
    for (;;) {
      const url = /"url":"([^"]+)"/.exec(this.stdout)?.[1];
      if (url !== undefined) return url;
      const event = await Promise.race([once(this.child.stdout, 'data'), this.exited]);
      if ('code' in event) throw new Error(`The server ended before it was ready:\n${this.stdout}${this.stderr}`);
    }
  }
}

/** What every process of the tests is started with. What V8 takes from its cache it does not count exactly. */
export function processEnvironment(): Record<string, string | undefined> {
  const { PATH, CHILD_COVERAGE } = process.env;
  return { PATH, ...(CHILD_COVERAGE && { NODE_V8_COVERAGE: CHILD_COVERAGE, NODE_DISABLE_COMPILE_CACHE: '1' }) };
}

const processes = new Set<ServerProcess>();

afterEach(async () => {
  for (const server of processes) server.child.kill('SIGKILL');
  await Promise.all([...processes].map(({ exited }) => exited));
  processes.clear();
});
