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
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (key !== undefined) headers.set('x-api-key', key);
  const response = await fetch(path, { cache: 'no-store', ...init, headers }).catch((error: unknown) => {
    if (init.signal?.aborted === true) throw error;
    throw new ProblemError({
      title: 'No answer',
      detail: 'The server cannot be reached, or closed the connection.',
      action: 'Check that it runs and that the network reaches it, then try again.',
    });
  });
  if (response.ok) return response;
  if (response.status === 401) onUnauthenticated();
  throw new ProblemError(await problemIn(response), response.status);
}

export async function requestJson<T>(path: string, init?: RequestInit): Promise<T> {
  return (await (await request(path, init)).json()) as T;
}
