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

  /** @param under a command with its arguments that starts it, such as `nice` */
  constructor(env: Record<string, string>, args: readonly string[] = [], under: readonly string[] = []) {
    const [command, ...rest] = [...under, process.execPath, MAIN, ...args];
    this.child = spawn(command!, rest, {
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

  /** Resolves once the log has this text; rejects where the server ends before. */
  async logged(text: string): Promise<void> {
    while (!this.stdout.includes(text)) {
      const event = await Promise.race([once(this.child.stdout, 'data'), this.exited]);
      if ('code' in event) throw new Error(`The server ended without "${text}":\n${this.stdout}${this.stderr}`);
    }
  }

  /** The address, once the server says that it listens; rejects where it ends before. */
  async ready(): Promise<string> {
    await this.logged('"url":"');
    return /"url":"([^"]+)"/.exec(this.stdout)![1]!;
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
