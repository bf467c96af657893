import { keyOf, type Role } from './keys.ts';
import { problemIn, ProblemError } from './problem.ts';

let onUnauthenticated: () => void = () => undefined;

/** Calls back whenever the server requires a caller's key, or a different one. */
export function whenKeyIsWanted(listener: () => void): void {
  onUnauthenticated = listener;
}

interface Sent extends RequestInit {
  /** Whose key it carries, if one is stored; a caller's by default. */
  readonly role?: Role;
}

/**
 * Sends a request to the server that the page came from.
 *
 * @throws ProblemError for every error response and for a failed connection; an AbortError if `signal` aborts it
 */
async function request(path: string, { role = 'caller', ...init }: Sent): Promise<Response> {
  const headers = new Headers(init.headers);
  const key = keyOf(role);
  if (key !== undefined) headers.set('x-api-key', key);
  const response = await answered(fetch(path, { cache: 'no-store', ...init, headers }), init);
  if (response.ok) return response;
  if (response.status === 401 && role === 'caller') onUnauthenticated();
  throw new ProblemError(await problemIn(response), response.status);
}

export async function requestJson<T>(path: string, init?: Sent): Promise<T> {
  return JSON.parse(await requestText(path, init)) as T;
}

export async function requestText(path: string, init: Sent = {}): Promise<string> {
  return answered((await request(path, init)).text(), init);
}

export async function requestBytes(path: string, init: Sent = {}): Promise<ArrayBuffer> {
  return answered((await request(path, init)).arrayBuffer(), init);
}

/** Waits for a step of a response; every step may fail. */
async function answered<T>(promise: Promise<T>, { signal }: RequestInit): Promise<T> {
  return promise.catch((error: unknown) => {
    if (signal?.aborted === true) throw error;
    throw new ProblemError({
      title: 'No response',
      detail: 'The server cannot be reached, or closed the connection.',
      action: 'Check that the server runs and that your network reaches it, then try again.',
    });
  });
}
