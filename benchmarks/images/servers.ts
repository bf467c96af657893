import type { Call } from '../callers.ts';
import { imageEnvironment } from '../image-environment.ts';
import { pythonEnvironment } from '../python-environment.ts';
import { ServerProcess } from '../server-process.ts';
import { type ModelId, MODELS } from './models.ts';
import type { Upload } from './uploads.ts';

/** Each has the same models at the same paths, with one thread per session. */
export const SERVERS = {
  nestor: 'Nestor',
  bare: 'bare node:http, sharp',
  pillow: 'FastAPI, Pillow',
  opencv: 'FastAPI, OpenCV',
} as const;

export type ServerId = keyof typeof SERVERS;
export const SERVER_IDS = Object.keys(SERVERS) as ServerId[];

/** @param models the folder that Nestor serves */
export async function startServer(id: ServerId, models: string, python: string): Promise<ServerProcess> {
  const MODELS_JSON = JSON.stringify(MODELS);
  if (id === 'nestor') {
    const places = (port: number) => ({ HOST: '127.0.0.1', PORT: String(port), GRPC_PORT: String(port + 1) });
    const env = { ...imageEnvironment, MODELS: models };
    return start((port) => ({
      file: process.execPath,
      args: ['dist/bundle/main.js'],
      env: { ...env, ...places(port) },
    }));
  }
  if (id === 'bare') {
    const env = { NODE_ENV: 'production', MODELS: MODELS_JSON };
    const args = ['benchmarks/servers/bare-images.ts'];
    return start((port) => ({ file: process.execPath, args, env: { ...env, PORT: String(port) } }));
  }
  const bin = await pythonEnvironment('images', python);
  return start((port) => ({
    file: `${bin}/uvicorn`,
    args: ['server:app', '--app-dir=benchmarks/peers/images', '--host=127.0.0.1', `--port=${port}`],
    env: { READER: `${id}_reader`, MODELS: MODELS_JSON },
  }));
}

const start = (command: Parameters<typeof ServerProcess.start>[0]): Promise<ServerProcess> =>
  // Like the others, Nestor listens only after its models are loaded.
  ServerProcess.start(command, async (port) => (await fetch(livez(port)).catch(() => undefined))?.ok ?? false);

export const livez = (port: number): string => `http://127.0.0.1:${port}/livez`;

/** A number of callers of a server, who all send the same. */
export function callOf(port: number, model: ModelId, { contentType, file }: Upload, connections: number): Call {
  return { url: `http://127.0.0.1:${port}/models/${model}/predict`, contentType, body: file, connections };
}
