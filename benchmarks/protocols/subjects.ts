import { tmpdir } from 'node:os';
import type { Command } from '../contenders.ts';
import { imageEnvironment } from '../image-environment.ts';
import { grpc, plain, type Protocol, restBinary, restJson, unread } from './protocols.ts';

/** A server and its protocols. gRPC is on the port after the first. */
export interface Subject {
  readonly id: string;
  readonly title: string;
  readonly protocols: readonly Protocol[];
  /** The models that it serves, unless it serves all. */
  readonly models?: readonly string[];
  /** Its Python environment: a folder of `peers/`. */
  readonly environment?: string;
  /** @param bin the environment's folder of programs */
  command(port: number, bin: string): Command;
}

/** The models that every server serves: one row of numbers, and pictures. */
export interface Models {
  /** A repository with both. */
  readonly repository: string;
  readonly housing: string;
  readonly image: string;
}

/** The limit of bodies, since JSON takes more than twice the bytes of its tensor. */
const MOST_BYTES = 2 ** 26;

export function subjects(models: Models): readonly Subject[] {
  return [...nodeSubjects(models), ...peers(models)];
}

const node = (file: string, env: Record<string, string>): Command => ({
  file: process.execPath,
  args: [file],
  env: { NODE_ENV: 'production', ...env },
});

function nodeSubjects({ repository }: Models): readonly Subject[] {
  return [
    {
      id: 'nestor',
      title: 'Nestor',
      protocols: [plain, restJson, restBinary, grpc],
      // As in the image, with the default of every setting except the address, the models and the limit of bodies.
      command: (port) =>
        node('dist/bundle/main.js', {
          ...imageEnvironment,
          PORT: String(port),
          GRPC_PORT: String(port + 1),
          HOST: '127.0.0.1',
          MODELS: repository,
          MAX_BODY_BYTES: String(MOST_BYTES),
        }),
    },
    {
      id: 'reader',
      title: 'bare node:http that only reads',
      protocols: [unread(restBinary)],
      command: (port) => node('benchmarks/servers/reader.ts', { PORT: String(port) }),
    },
    {
      id: 'echo',
      title: 'bare grpc-js echo',
      protocols: [unread(grpc)],
      command: (port) => node('benchmarks/servers/grpc-echo.ts', { PORT: String(port + 1) }),
    },
    {
      id: 'grpc-batched',
      title: 'bare grpc-js, micro-batched',
      protocols: [grpc],
      models: ['housing'],
      command: (port) => node('benchmarks/servers/grpc-batched.ts', { PORT: String(port + 1) }),
    },
  ];
}

function peers({ housing, image }: Models): readonly Subject[] {
  return [
    {
      id: 'mlserver',
      title: 'MLServer',
      protocols: [restJson, grpc],
      environment: 'mlserver',
      command: (port, bin) => ({
        file: `${bin}/mlserver`,
        args: ['start', 'benchmarks/peers/mlserver'],
        env: {
          PATH: `${bin}:${process.env['PATH'] ?? ''}`,
          PYTHONPATH: 'benchmarks/peers/mlserver',
          MODEL: housing,
          IMAGE_MODEL: image,
          MLSERVER_HOST: '127.0.0.1',
          MLSERVER_HTTP_PORT: String(port),
          MLSERVER_GRPC_PORT: String(port + 1),
          MLSERVER_METRICS_PORT: String(port + 2),
          MLSERVER_METRICS_DIR: tmpdir(), // otherwise a folder in the working directory
        },
      }),
    },
    {
      id: 'triton',
      title: 'Triton, Python backend',
      protocols: [restJson, restBinary, grpc],
      environment: 'triton',
      command: (port, bin) => ({
        file: `${bin}/python`,
        args: ['benchmarks/peers/triton/server.py'],
        env: {
          PATH: `${bin}:${process.env['PATH'] ?? ''}`,
          PORT: String(port),
          MODEL: housing,
          IMAGE_MODEL: image,
        },
      }),
    },
  ];
}
