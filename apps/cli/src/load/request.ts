import { readFile } from 'node:fs/promises';
import { withoutMark } from '#csv';
import { Failure, UsageError } from '../exit.ts';
import type { LoadOptions } from './command.ts';

/** The request to send. */
export interface Prediction {
  readonly url: URL;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The members of `GET /models` and `GET /models/{name}` that this file reads. */
interface Served {
  readonly default?: string | null;
  readonly examples?: readonly unknown[];
  readonly features?: readonly { readonly name: string; readonly example?: unknown }[];
}

const TIMEOUT_MS = 10_000;

/**
 * The prediction to send: the given body, or else the example of the model at the path.
 * @throws UsageError if the address is not a URL, or there is no example; Failure if the server does not answer
 */
export async function predictionFor(address: string, { body, header }: LoadOptions): Promise<Prediction> {
  const url = parse(address);
  const path = url.pathname === '/' ? '/predict' : url.pathname;
  const headers = { 'content-type': 'application/json', ...header };
  const to = new URL(path + url.search, url);
  if (body !== undefined) return { url: to, body: await read(body), headers };
  const named = /^\/models\/([^/]+)(?:\/|$)/.exec(path)?.[1];
  const name = named ?? encodeURIComponent((await describe(url, '/models', header)).default ?? '');
  if (name === '')
    throw new UsageError(`${url.origin} has no default model. Add a path, such as /models/wine/predict.`);
  const example = exampleOf(await describe(url, `/models/${name}`, header));
  if (example === undefined)
    throw new UsageError(`The model ${name} has no example. Give the JSON to send with --body.`);
  return { url: to, body: JSON.stringify(example), headers };
}

function parse(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new UsageError(`${address} is not a URL. Give one such as http://localhost:8080.`);
}

async function read(body: string): Promise<string> {
  const text = body.startsWith('@') ? withoutMark(await readFile(body.slice(1), 'utf8')) : body;
  try {
    JSON.parse(text);
  } catch {
    throw new UsageError('--body is not JSON. To send a file, put @ before its name.');
  }
  return text;
}

async function describe(url: URL, path: string, headers: Readonly<Record<string, string>>): Promise<Served> {
  const from = new URL(path, url);
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(from, { headers, signal }).catch((error: unknown) => {
    const { cause, message } = error as Error;
    throw new Failure(`${from.href} does not answer: ${cause instanceof Error ? cause.message : message}`);
  });
  if (!response.ok)
    throw new Failure(`${from.href} answered ${response.status}: ${(await response.text()).slice(0, 200)}`);
  return (await response.json()) as Served;
}

/** The example of the server's API documentation: the first one, or else one made of the features' examples. */
function exampleOf({ examples, features = [] }: Served): unknown {
  if (examples?.[0] !== undefined) return examples[0];
  if (features.length === 0 || features.some(({ example }) => example === undefined)) return undefined;
  return Object.fromEntries(features.map(({ name, example }) => [name, example]));
}
