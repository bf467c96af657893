import { keyOf, type Role } from './keys.ts';
import { problemIn, ProblemError } from './problem.ts';

let onUnauthenticated: () => void = () => undefined;

/** Calls back whenever the server wants a caller's key, or another one. */
export function whenKeyIsWanted(listener: () => void): void {
  onUnauthenticated = listener;
}

interface Sent extends RequestInit {
  /** Whose key it carries, where one was given; a caller's, if it is not said. */
  readonly role?: Role;
}

/**
 * Sends a request to the server that the page came from.
 *
 * @throws ProblemError for every answer that is no success, and where none came; an AbortError where `signal` says so
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
