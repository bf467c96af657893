import autocannon from 'autocannon';
import { EventEmitter } from 'node:events';

/** What came of a load. Every field but `answered` is a failure. */
export interface Report {
  /** Answers of 2xx with the right prediction. */
  readonly answered: number;
  readonly non2xx: number;
  /** Answers of 2xx with another prediction. */
  readonly wrong: number;
  /** Connections refused or reset. */
  readonly errors: number;
  readonly timeouts: number;
  /** Requests whose connection ended, in good order, without an answer. */
  readonly lost: number;
}

/** autocannon's client, with the parts that `wellBehaved` stands on; its version is pinned. */
interface Client extends EventEmitter {
  _doRequest: () => void;
  _resetConnection: () => void;
}

/**
 * A client of HTTP/1.1 sends no further request on a connection after `Connection: close`; autocannon's does, and
 * forgets that it got no answer. This one opens a new connection as any client library does, and counts what is lost.
 */
function wellBehaved(client: Client, pending: Map<Client, number>): void {
  const doRequest = client._doRequest.bind(client);
  let closing = false;
  client.on('headers', ({ shouldKeepAlive }: { shouldKeepAlive: boolean }) => (closing = !shouldKeepAlive));
  client.on('request', () => pending.set(client, (pending.get(client) ?? 0) + 1));
  client.on('response', () => pending.set(client, (pending.get(client) ?? 0) - 1));
  client._doRequest = () => {
    if (!closing) {
      doRequest();
      return;
    }
    closing = false;
    client._resetConnection();
  };
}

/** A load under way, over keep-alive connections from this machine. */
export class Load {
  readonly #pending = new Map<Client, number>();
  readonly #finished: Promise<autocannon.Result>;
  readonly #instance: autocannon.Instance;

  /**
   * @param rate requests a second, over all connections; undefined for as many as are answered
   * @param prediction what each answer must hold, as text
   */
  constructor(url: string, body: object, prediction: string, connections: number, rate?: number) {
    const { promise, resolve, reject } = Promise.withResolvers<autocannon.Result>();
    this.#finished = promise;
    this.#instance = autocannon(
      {
        url,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        connections,
        ...(rate && { overallRate: rate }),
        duration: 3600,
        timeout: 30,
        verifyBody: (answer) => String(answer).includes(prediction),
        setupClient: (client) => {
          wellBehaved(client as unknown as Client, this.#pending);
        },
      },
      (error: Error | null, result) => {
        if (error) reject(error);
        else resolve(result);
      },
    );
  }

  async stop(): Promise<Report> {
    this.#instance.stop();
    const { non2xx, mismatches, errors, timeouts, ...result } = await this.#finished;
    // At most the one request that was under way when the load was stopped may be without an answer.
    const lost = [...this.#pending.values()].reduce((sum, pending) => sum + Math.max(0, pending - 1), 0);
    return { answered: result['2xx'] - mismatches, non2xx, wrong: mismatches, errors, timeouts, lost };
  }
}
