import { setTimeout as delay } from 'node:timers/promises';
import { NestorError } from '#errors';
import type { CallOptions } from '#predictor';
import { errorOf } from './error-of.ts';

/** Options of the requests to a server. */
export interface ClientOptions {
  /** The API key, if the server requires one. */
  readonly apiKey?: string;
  /** How often to retry a request after a failed connection or a rejection for overload: 2 by default. */
  readonly retries?: number;
  /** How long to wait for an answer if the call sets no timeout: 30 s by default. */
  readonly timeoutMs?: number;
}

export interface Question {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

const FIRST_WAIT_MS = 50;
const DEFAULTS = { retries: 2, timeoutMs: 30_000 };

/**
 * Sends requests to one server over HTTP; Node keeps the connections. Predictions change nothing, so each request may
 * be retried within its deadline.
 */
export class Transport {
  readonly server: URL;
  readonly #url: string;
  readonly #options: ClientOptions & typeof DEFAULTS;

  constructor(url: string, options: ClientOptions) {
    if (!URL.canParse(url) || !/^https?:/.test(url))
      throw new TypeError(`${JSON.stringify(url)} is not the URL of a server. Give one such as http://nestor:8080.`);
    this.server = new URL(url);
    this.#url = url.replace(/\/+$/, '');
    this.#options = { ...DEFAULTS, ...options };
  }

  /**
   * @returns a successful response
   * @throws NestorError that the server answers; MODEL_NOT_READY if it cannot be reached, DEADLINE_EXCEEDED, CANCELLED
   */
  async ask(path: string, question: Question, { timeoutMs, signal }: CallOptions = {}): Promise<Response> {
    const deadline = performance.now() + (timeoutMs ?? this.#options.timeoutMs);
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#once(path, question, deadline, signal);
      } catch (thrown) {
        const error = thrown instanceof NestorError ? thrown : this.#unanswered(thrown, deadline, signal);
        const waitMs = (error.retryAfterSeconds ?? 0) * 1000 || FIRST_WAIT_MS * 2 ** attempt * (0.5 + Math.random());
        const mayBeAnswered = MAY_BE_ANSWERED.has(error.code) && performance.now() + waitMs < deadline;
        if (!mayBeAnswered || attempt >= this.#options.retries) throw error;
        await delay(waitMs, undefined, signal && { signal }).catch(() => undefined);
      }
    }
  }

  async #once(path: string, question: Question, deadline: number, signal: AbortSignal | undefined): Promise<Response> {
    const { apiKey } = this.#options;
    const leftMs = Math.ceil(deadline - performance.now());
    const patience = AbortSignal.timeout(Math.max(leftMs, 0));
    const response = await fetch(`${this.#url}${path}`, {
      ...question,
      headers: {
        ...question.headers,
        'x-request-timeout-ms': `${Math.max(leftMs, 1)}`,
        ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
      },
      signal: signal === undefined ? patience : AbortSignal.any([signal, patience]),
    });
    if (!response.ok) throw await errorOf(response);
    return response;
  }

  #unanswered(cause: unknown, deadline: number, signal: AbortSignal | undefined): NestorError {
    if (signal?.aborted === true) return new NestorError('CANCELLED', 'The caller aborted the call.', { cause });
    if (performance.now() >= deadline)
      return new NestorError('DEADLINE_EXCEEDED', `${this.#url} did not answer in time.`, { cause });
    const { message } = ((cause as Error).cause ?? cause) as Error;
    return new NestorError('MODEL_NOT_READY', `${this.#url} cannot be reached: ${message}`, { cause });
  }
}

/** Errors that a later retry may avoid, except a deadline, which has passed. */
const MAY_BE_ANSWERED: ReadonlySet<string> = new Set(['QUEUE_FULL', 'MODEL_NOT_READY', 'RATE_LIMITED']);
