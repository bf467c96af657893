import { afterAll, afterEach } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { readSettings } from '#config';
import { createServer, listen } from '../apps/server/src/server.ts';

/** A server of the application's own modules, on a free port of this machine. */
export interface Served {
  readonly url: string;
  readonly app: NestFastifyApplication;
  /** The log's lines, parsed. */
  readonly log: readonly Record<string, unknown>[];
}

const own: NestFastifyApplication[] = [];
const shared = new Map<string, Promise<Served>>();

/** Starts the application with these variables over the tests' defaults, for one test alone: it is closed after it. */
export async function serve(env: Record<string, string> = {}): Promise<Served> {
  const served = await start(env);
  own.push(served.app);
  return served;
}

/**
 * The server with these variables that the tests of a spec share, started for the first that asks for it. It suits every
 * test that leaves the server as it was, and that other tests' lines in the log and in the metrics do not disturb.
 */
export function sharedServer(env: Record<string, string> = {}): Promise<Served> {
  const key = JSON.stringify(env);
  const served = shared.get(key) ?? start(env);
  shared.set(key, served);
  return served;
}

async function start(env: Record<string, string>): Promise<Served> {
  const log: Record<string, unknown>[] = [];
  const settings = readSettings({
    HOST: '127.0.0.1',
    PORT: '0',
    GRPC_PORT: '0',
    MODELS: 'models',
    DRAIN_SECONDS: '0',
    ...env,
  });
  const logger = pino({ level: settings.logLevel, base: null }, { write: (line) => void log.push(JSON.parse(line)) });
  const app = await createServer(settings, logger);
  return { url: await listen(app, settings), app, log };
}

afterEach(async () => {
  await Promise.all(own.splice(0).map((app) => app.close()));
});

afterAll(async () => {
  const started = await Promise.allSettled([...shared.values()]);
  await Promise.all(started.flatMap((one) => (one.status === 'fulfilled' ? one.value.app.close() : [])));
});

/** Waits until the condition holds; gives up after 50 s, so that a test that fails does not go on for ever. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 50_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('What the test waited for did not come.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Sends JSON and returns what came back: status, headers and the parsed body. */
export async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url, {
    method: 'POST',
    body: text,
    headers: { 'content-type': 'application/json', ...headers },
  });
  return answerOf(response);
}

/** Fetches a path and parses what came back. */
export async function get(url: string, headers: Record<string, string> = {}): Promise<Answer> {
  return answerOf(await fetch(url, { headers }));
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body where it is JSON. */
  readonly json: any;
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
}
