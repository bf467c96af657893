/**
 * The compiled Nestor (`dist/apps/server`), started as main.ts does. It also sends messages to its parent process: its
 * address once it listens, and the numbers of open sessions and workers in reply to any message.
 */
import { pathToFileURL } from 'node:url';

type Module = Record<string, (...given: unknown[]) => unknown>;
type OpenSessions = Record<'count' | 'workers', number>;
const load = (file: string): Promise<Module> => import(pathToFileURL(`dist/${file}.js`).href) as Promise<Module>;

const { readSettings } = await load('libs/config/src/index');
const { OnnxSessions } = await load('libs/onnx/src/index');
const { createServer, listen } = await load('apps/server/src/server');
const { createLog } = await load('apps/server/src/logging/logger');

const settings = readSettings!(process.env, false);
const { logger, output } = (await createLog!(settings)) as Record<'logger' | 'output', unknown>;
const app = await createServer!(settings, logger, output);
(app as { enableShutdownHooks: (signals: string[], options: object) => void }).enableShutdownHooks(['SIGTERM'], {
  useProcessExit: true,
});
const url = new URL((await listen!(app, settings)) as string);
const sessions = (app as { get: (token: unknown, options: object) => OpenSessions }).get(OnnxSessions, {
  strict: false,
});
process.on('message', () => process.send?.({ sessions: sessions.count, workers: sessions.workers }));
process.send?.(`http://127.0.0.1:${url.port}`);
