import { tmpdir } from 'node:os';
import type { HttpRequest } from './http-load.ts';
import { imageEnvironment } from './image-environment.ts';
import { ServerProcess } from './server-process.ts';
import {
  checkPrices,
  dataFrameWire,
  houses,
  instancesWire,
  openInferenceWire,
  recordsWire,
  type Wire,
  WrongPriceError,
} from './wire.ts';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** One load for a contender. */
export interface Cell {
  readonly rows: number;
  readonly connections: number;
}

/** One of the servers that get the same work. */
export interface Contender {
  readonly id: string;
  readonly title: string;
  readonly wire: Wire;
  /** Its paths for one house and for several. */
  readonly paths: { readonly one: string; readonly many: string };
  /** Its Python environment: a folder of `peers/`. */
  readonly environment?: string;
  /** Whether it closes the connection after each answer, so that every request needs a new one. */
  readonly closesConnections?: true;
  /** @param bin the environment's folder of programs */
  command(port: number, bin: string): Command;
}

const MODEL = 'models/housing/1/model.onnx';
const PREDICT = { one: '/predict', many: '/predict' };

/** The contender to which every ratio refers. */
export const YARDSTICK = 'micro-batched';

const node = (args: readonly string[], env: Record<string, string>): Command => ({
  file: process.execPath,
  args,
  env: { NODE_ENV: 'production', ...env },
});

export const contenders: readonly Contender[] = [
  {
    id: 'nestor',
    title: 'Nestor',
    wire: recordsWire,
    paths: PREDICT,
    // As in the image, with the default of every setting except the address and the models.
    command: (port) =>
      node(['dist/bundle/main.js'], {
        ...imageEnvironment,
        PORT: String(port),
        GRPC_PORT: String(port + 1),
        HOST: '127.0.0.1',
        MODELS: 'models/housing',
      }),
  },
  {
    id: YARDSTICK,
    title: 'bare node:http, micro-batched',
    wire: recordsWire,
    paths: PREDICT,
    command: (port) => node(['benchmarks/servers/bare.ts'], { PORT: String(port), BATCHING: 'on' }),
  },
  {
    id: 'unbatched',
    title: 'bare node:http, unbatched',
    wire: recordsWire,
    paths: PREDICT,
    command: (port) => node(['benchmarks/servers/bare.ts'], { PORT: String(port) }),
  },
  {
    id: 'fastify',
    title: 'bare Fastify, micro-batched',
    wire: recordsWire,
    paths: PREDICT,
    command: (port) => node(['benchmarks/servers/fastify.ts'], { PORT: String(port) }),
  },
  {
    id: 'fastapi',
    title: 'FastAPI, uvicorn',
    wire: recordsWire,
    paths: { one: '/predict', many: '/predict-many' },
    environment: 'fastapi',
    command: (port, bin) => ({
      file: `${bin}/uvicorn`,
      args: ['server:app', '--app-dir=benchmarks/peers/fastapi', '--host=127.0.0.1', `--port=${port}`],
      env: { MODEL },
    }),
  },
  {
    id: 'flask',
    title: 'Flask development server (predecessor)',
    wire: dataFrameWire,
    paths: PREDICT,
    environment: 'flask',
    closesConnections: true,
    command: (port, bin) => ({
      file: `${bin}/python`,
      args: ['benchmarks/peers/flask/server.py'],
      env: { PORT: String(port), PIPELINE: 'benchmarks/.fitted/housing.joblib' },
    }),
  },
  {
    id: 'gunicorn',
    title: 'Flask, gunicorn',
    wire: dataFrameWire,
    paths: PREDICT,
    environment: 'flask',
    closesConnections: true,
    command: (port, bin) => ({
      file: `${bin}/gunicorn`,
      args: ['--chdir=benchmarks/peers/flask', `--bind=127.0.0.1:${port}`, 'server:app'],
      env: { PIPELINE: `${process.cwd()}/benchmarks/.fitted/housing.joblib` },
    }),
  },
  {
    id: 'mlserver',
    title: 'MLServer',
    wire: openInferenceWire,
    paths: { one: '/v2/models/housing/infer', many: '/v2/models/housing/infer' },
    environment: 'mlserver',
    command: (port, bin) => ({
      file: `${bin}/mlserver`,
      args: ['start', 'benchmarks/peers/mlserver/housing'],
      env: {
        PATH: `${bin}:${process.env['PATH'] ?? ''}`,
        PYTHONPATH: 'benchmarks/peers/mlserver',
        MODEL,
        MLSERVER_HOST: '127.0.0.1',
        MLSERVER_HTTP_PORT: String(port),
        MLSERVER_GRPC_PORT: String(port + 1),
        MLSERVER_METRICS_PORT: String(port + 2),
        MLSERVER_METRICS_DIR: tmpdir(), // otherwise a folder in the working directory
      },
    }),
  },
  {
    id: 'kserve',
    title: "KServe's SDK",
    wire: instancesWire,
    paths: { one: '/v1/models/housing:predict', many: '/v1/models/housing:predict' },
    environment: 'kserve',
    command: (port, bin) => ({
      file: `${bin}/python`,
      args: ['benchmarks/peers/kserve/server.py'],
      env: { PORT: String(port), MODEL },
    }),
  },
  {
    id: 'triton',
    title: 'Triton, Python backend',
    wire: openInferenceWire,
    paths: { one: '/v2/models/housing/infer', many: '/v2/models/housing/infer' },
    environment: 'triton',
    command: (port, bin) => ({
      file: `${bin}/python`,
      args: ['benchmarks/peers/triton/server.py'],
      env: { PATH: `${bin}:${process.env['PATH'] ?? ''}`, PORT: String(port), MODEL },
    }),
  },
];

/** A request with this many houses for a contender that listens on `port`. */
export function requestTo({ wire, paths }: Contender, port: number, rows: number): HttpRequest {
  return {
    url: `http://127.0.0.1:${port}${rows === 1 ? paths.one : paths.many}`,
    headers: { 'content-type': 'application/json' },
    body: wire.encode(houses(rows)),
  };
}

/**
 * Starts a contender, and checks its prices for one house and for 1,000.
 *
 * @param bin the folder of programs of its environment
 * @throws Error with what is wrong
 */
export async function startContender(contender: Contender, bin: string): Promise<ServerProcess> {
  const answersRightly = async (port: number): Promise<boolean> => {
    try {
      await check(contender, port, 1);
      return true;
    } catch (error) {
      // A closed port, or a model that is still being loaded, is not a failure yet.
      if (error instanceof WrongPriceError) throw error;
      return false;
    }
  };
  const server = await ServerProcess.start((port) => contender.command(port, bin), answersRightly);
  try {
    await check(contender, server.port, 1000);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function check(contender: Contender, port: number, rows: number): Promise<void> {
  const { url, headers, body } = requestTo(contender, port, rows);
  const response = await fetch(url, { method: 'POST', headers: { ...headers, connection: 'close' }, body });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`it answers ${response.status} to ${rows} rows: ${text.slice(0, 200)}`);
  checkPrices(contender.wire.decode(JSON.parse(text)), rows);
}
