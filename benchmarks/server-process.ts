import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from './contenders.ts';
import { processTree, type Usage, usageOf } from './process-tree.ts';

const START_SECONDS = 90;
const STOP_SECONDS = 12;
const POLL_MS = 5;
/** Triton and MLServer use the ports after the first for gRPC and metrics. */
const PORTS_EACH = 3;
/** Below the ports that Linux uses for outgoing connections. */
let nextPort = 20_000 + (process.pid % 120) * 100;

/** Whether a server at `port` answers correctly. False means not yet; an error means failure. */
export type Probe = (port: number) => Promise<boolean>;

/** A server in a separate process, with its output in a file. */
export class ServerProcess {
  /** The first of its ports. */
  readonly port: number;
  /** From the start of the process to its first correct answer. */
  startMs = 0;
  #child: ChildProcess;
  readonly #folder = mkdtempSync(join(tmpdir(), 'benchmark-'));

  private constructor(port: number, command: Command) {
    this.port = port;
    const log = openSync(this.#log, 'w');
    this.#child = spawn(command.file, command.args, {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...command.env },
      stdio: ['ignore', log, log],
      detached: true, // it leads its own session, which identifies all its processes
    });
    closeSync(log);
  }

  /** @throws Error with the end of its output if it does not answer correctly in time */
  static async start(command: (port: number) => Command, answersRightly: Probe): Promise<ServerProcess> {
    const port = await freePorts();
    const begun = performance.now();
    const server = new ServerProcess(port, command(port));
    let failure: unknown;
    server.#child.on('error', (error) => (failure = error));
    try {
      while (!(await answersRightly(port))) {
        const ended = server.#ended || failure !== undefined;
        if (ended || performance.now() - begun > START_SECONDS * 1000) {
          throw new Error(
            `${ended ? 'it ended at its start' : `no answer in ${START_SECONDS} s`}: ${server.#lastLines()}`,
          );
        }
        await sleep(POLL_MS);
      }
      server.startMs = performance.now() - begun;
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  get pid(): number {
    return this.#child.pid!;
  }

  usage(): Usage {
    return usageOf(this.pid);
  }

  /** Asks it to stop, and then ends all remaining processes. */
  async stop(): Promise<void> {
    if (this.#child.pid !== undefined) {
      const tree = processTree(this.pid);
      if (!this.#ended) {
        this.#child.kill('SIGTERM');
        const late = new AbortController();
        await Promise.race([once(this.#child, 'exit'), sleep(STOP_SECONDS * 1000, undefined, late)]);
        late.abort();
      }
      const left = processTree(this.pid).map(({ pid }) => pid);
      for (const { pid } of tree) if (left.includes(pid)) kill(pid);
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  get #log(): string {
    return join(this.#folder, 'output');
  }

  #lastLines(): string {
    return readFileSync(this.#log, 'utf8').trim().split('\n').slice(-3).join(' | ').slice(-400);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // the process has ended
  }
}

/** The first of three free ports in a row. */
async function freePorts(): Promise<number> {
  for (;;) {
    const first = nextPort;
    nextPort += PORTS_EACH;
    if ((await Promise.all([first, first + 1, first + 2].map(isFree))).every(Boolean)) return first;
  }
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer().listen(port, '127.0.0.1');
  try {
    await once(probe, 'listening');
    return (probe.address() as AddressInfo).port === port;
  } catch {
    return false;
  } finally {
    probe.close();
  }
}
