import { summarise, sample } from '../load.ts';
import { startGrpcLoad } from '../grpc-load.ts';
import { imageEnvironment } from '../image-environment.ts';
import { type Exchange, grpc, plain, type Protocol, restBinary } from '../protocols/protocols.ts';
import { housesOf } from '../protocols/work.ts';
import { ServerProcess } from '../server-process.ts';
import { rotated } from '../turns.ts';
import { houses } from '../wire.ts';
import { wrk } from '../wrk.ts';

/** How many callers repeat their requests at once, and with how many rows each. */
export const CALLERS = [1, 8, 64, 256, 512];
export const ROWS = [1, 8, 32, 64, 1000];
/** The limit of rows per request; a row has six numbers. */
const MAX_ROWS = 10_000;
/** A day: nobody waits longer. */
const UNLIMITED_MS = '86400000';
const WARM_SECONDS = 1;

/** The answers of one server to a number of callers. */
export interface ClosedLoop {
  readonly answered: number;
  readonly rejected: number;
  readonly failed: number;
  readonly rowsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU time of the server per request, answered or rejected. */
  readonly cpuMicroseconds: number;
}

export interface ClosedLoopCell {
  readonly protocol: string;
  readonly callers: number;
  readonly rows: number;
  /** With the defaults. */
  readonly limited: ClosedLoop;
  /** The same server, without a limit of the time that requests wait. */
  readonly unlimited: ClosedLoop;
}

/** `/predict` with this many records; the other protocols send a tensor. */
const records = (rows: number): Protocol => ({
  ...plain,
  exchange: (work) => ({ ...plain.exchange(work), body: Buffer.from(JSON.stringify(houses(rows))) }),
});

const PROTOCOLS: readonly ((rows: number) => Protocol)[] = [records, () => restBinary, () => grpc];

/**
 * Sends two servers the same, in turns: one with its defaults, and one without a limit of waiting. Callers repeat at
 * once, even if rejected, as in a retry storm.
 */
export async function closedLoop(
  seconds: number,
  turns: number,
  say: (line: string) => void,
): Promise<ClosedLoopCell[]> {
  const servers = { limited: await serve(), unlimited: await serve({ MAX_QUEUE_MS: UNLIMITED_MS }) };
  try {
    const cells: ClosedLoopCell[] = [];
    for (const protocolOf of PROTOCOLS) {
      for (const rows of ROWS) {
        for (const callers of CALLERS) {
          const { id, title, exchange } = protocolOf(rows);
          const asked = exchange(housesOf(rows));
          const { limited, unlimited } = await compare(servers, asked, rows, callers, seconds, turns);
          cells.push({ protocol: title, callers, rows, limited, unlimited });
          say(
            `${id}: ${callers} callers × ${rows} rows: ${limited.rejected} of ${limited.answered + limited.rejected} rejected`,
          );
        }
      }
    }
    return cells;
  } finally {
    await Promise.all(Object.values(servers).map((server) => server.stop()));
  }
}

type Servers = Readonly<Record<'limited' | 'unlimited', ServerProcess>>;

async function compare(
  servers: Servers,
  asked: Exchange,
  rows: number,
  callers: number,
  seconds: number,
  turns: number,
): Promise<Record<'limited' | 'unlimited', ClosedLoop>> {
  const names = ['limited', 'unlimited'] as const;
  const parts: Record<(typeof names)[number], ClosedLoop[]> = { limited: [], unlimited: [] };
  for (let turn = 0; turn < turns; turn += 1) {
    for (const name of rotated(names, turn)) {
      parts[name].push(await ask(servers[name], asked, rows, callers, seconds / turns));
    }
  }
  return { limited: joined(parts.limited), unlimited: joined(parts.unlimited) };
}

async function ask(
  server: ServerProcess,
  asked: Exchange,
  rows: number,
  callers: number,
  seconds: number,
): Promise<ClosedLoop> {
  const before = server.usage().cpuSeconds;
  const result =
    asked.over === 'http'
      ? await overHttp(server, asked, callers, seconds)
      : await overGrpc(server, asked, callers, seconds);
  const { answered, rejected } = result;
  const cpuSeconds = result.cpuSeconds ?? server.usage().cpuSeconds - before;
  return {
    ...result,
    rowsPerSecond: (answered * rows) / result.seconds,
    cpuMicroseconds: (cpuSeconds * 1e6) / (answered + rejected),
  };
}

interface Asked {
  readonly seconds: number;
  readonly answered: number;
  readonly rejected: number;
  readonly failed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuSeconds?: number;
}

function overHttp(
  { port }: ServerProcess,
  { path, headers, body }: Exchange,
  callers: number,
  seconds: number,
): Promise<Asked> {
  return wrk({ url: `http://127.0.0.1:${port}${path}`, headers, body }, callers, seconds);
}

/** Counts rejected and failed calls together, since there is no gRPC client as fast as wrk. */
async function overGrpc(
  server: ServerProcess,
  { path, body }: Exchange,
  callers: number,
  seconds: number,
): Promise<Asked> {
  const request = { address: `127.0.0.1:${server.port + 1}`, path, message: body };
  const window = await sample(server, (extent) => startGrpcLoad(request, callers, extent), seconds);
  const { answered, failed, p50Ms, p99Ms } = summarise([window]);
  return {
    seconds: window.seconds,
    answered,
    rejected: failed,
    failed: 0,
    p50Ms,
    p99Ms,
    cpuSeconds: window.cpuSeconds,
  };
}

/** Combines all turns. Latencies are those of the slowest turn. */
function joined(parts: readonly ClosedLoop[]): ClosedLoop {
  const sum = (figure: (one: ClosedLoop) => number): number => parts.reduce((so, one) => so + figure(one), 0);
  const mean = (figure: (one: ClosedLoop) => number): number => sum(figure) / parts.length;
  return {
    answered: sum((one) => one.answered),
    rejected: sum((one) => one.rejected),
    failed: sum((one) => one.failed),
    rowsPerSecond: mean((one) => one.rowsPerSecond),
    cpuMicroseconds: mean((one) => one.cpuMicroseconds),
    p50Ms: Math.max(...parts.map((one) => one.p50Ms)),
    p99Ms: Math.max(...parts.map((one) => one.p99Ms)),
  };
}

/** As in the image, with the default of every setting except the address and the models. */
async function serve(env: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
  const server = await ServerProcess.start(
    (port) => ({
      file: process.execPath,
      args: ['dist/bundle/main.js'],
      env: {
        ...imageEnvironment,
        ...{ HOST: '127.0.0.1', MODELS: 'models/housing' },
        ...{ PORT: String(port), GRPC_PORT: String(port + 1), MAX_ROWS: String(MAX_ROWS), ...env },
      },
    }),
    isReady,
  );
  await overHttp(server, records(1).exchange(housesOf(1)), 8, WARM_SECONDS);
  return server;
}

async function isReady(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
  return response?.ok ?? false;
}
