import { problemIn, ProblemError } from './problem.ts';

/** The API key of this page's life: in memory only, gone when the page is. */
let key: string | undefined;
let onUnauthenticated: () => void = () => undefined;

export function setKey(value: string): void {
  key = value;
}

/** Whether requests carry a key. */
export const hasKey = (): boolean => key !== undefined;

/** Calls back whenever the server wants a key, or another one. */
export function whenKeyIsWanted(listener: () => void): void {
  onUnauthenticated = listener;
}

/**
 * Sends a request to the server that the page came from.
 *
 * @throws ProblemError for every answer that is no success, and where none came; an AbortError where `signal` says so
 */
async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (key !== undefined) headers.set('x-api-key', key);
  const response = await answered(fetch(path, { cache: 'no-store', ...init, headers }), init);
  if (response.ok) return response;
  if (response.status === 401) onUnauthenticated();
  throw new ProblemError(await problemIn(response), response.status);
}

export async function requestJson<T>(path: string, init?: RequestInit): Promise<T> {
  return JSON.parse(await requestText(path, init)) as T;
}

export async function requestText(path: string, init: RequestInit = {}): Promise<string> {
  return answered((await request(path, init)).text(), init);
}

export async function requestBytes(path: string, init: RequestInit = {}): Promise<ArrayBuffer> {
  return answered((await request(path, init)).arrayBuffer(), init);
}

/** What a browser promises of an answer, all of which may fail to come. */
async function answered<T>(promise: Promise<T>, { signal }: RequestInit): Promise<T> {
  return promise.catch((error: unknown) => {
    if (signal?.aborted === true) throw error;
    throw new ProblemError({
      title: 'No answer',
      detail: 'The server cannot be reached, or closed the connection.',
      action: 'Check that it runs and that the network reaches it, then try again.',
    });
  });
}
