import { setMaxListeners } from 'node:events';
import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/** One request, the rate at which to send it, and the connections to use. */
export interface Traffic {
  readonly url: URL;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Requests per second, over all connections. */
  readonly rate: number;
  readonly connections: number;
  readonly requestsPerConnection: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** From the sending of the request to the end of the response. */
  readonly milliseconds: number;
}

/** Receives the result of each request: a response of any status, or the reason why there was none. */
export interface Witness {
  answer(answer: Answer): void;
  failure(reason: string): void;
}

const TIMEOUT_MS = 30_000;
/** After a stall, at most this much of the schedule is caught up on; the rest is not sent. */
const ARREARS_MS = 1000;

/**
 * Sends the same request at a constant rate, evenly spread, over open connections. When the signal comes, waits for the
 * responses in flight. Opens another connection after `Connection: close`, as HTTP/1.1 asks. Never retries a request.
 */
export async function send(traffic: Traffic, witness: Witness, over: AbortSignal): Promise<void> {
  setMaxListeners(0, over);
  const agent = agentFor(traffic);
  const turns = new Turns(traffic.rate);
  const connection = async (): Promise<void> => {
    while (await turns.next(over)) {
      const begun = performance.now();
      try {
        const answer = await post(traffic, agent);
        const [body, { statusCode, headers }] = [await text(answer), answer];
        witness.answer({ status: statusCode!, headers, body, milliseconds: performance.now() - begun });
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        witness.failure(code ?? message);
      }
    }
  };
  await Promise.all(Array.from({ length: traffic.connections }, connection));
  agent.destroy();
}

/** The moments at which requests are due. */
class Turns {
  readonly #every: number;
  #due = performance.now();

  constructor(rate: number) {
    this.#every = 1000 / rate;
  }

  /** Waits for the next moment that no other connection has taken; false once sending is over. */
  async next(over: AbortSignal): Promise<boolean> {
    const now = performance.now();
    const due = Math.max(this.#due, now - ARREARS_MS);
    this.#due = due + this.#every;
    if (due > now) await sleep(due - now, undefined, { signal: over }).catch(() => undefined);
    return !over.aborted;
  }
}

/** Uses connections in turn, and closes each after its share of requests. */
function agentFor({ url, connections, requestsPerConnection }: Traffic): http.Agent {
  const { Agent } = url.protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: 'fifo', timeout: TIMEOUT_MS });
  const keep = agent.keepSocketAlive.bind(agent);
  const requests = new WeakMap<object, number>();
  agent.keepSocketAlive = (socket) => {
    const sent = (requests.get(socket) ?? 0) + 1;
    requests.set(socket, sent);
    return sent < requestsPerConnection && keep(socket);
  };
  return agent;
}

function post({ url, headers, body }: Traffic, agent: http.Agent): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const { request } = url.protocol === 'https:' ? https : http;
  const sent = request(url, { agent, method: 'POST', headers }, resolve);
  sent.on('timeout', () => sent.destroy(new Error(`no response in ${TIMEOUT_MS / 1000} s`)));
  sent.on('error', reject);
  sent.end(body);
  return promise;
}
