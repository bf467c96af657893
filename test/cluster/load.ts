import { send } from '../../apps/cli/src/load/traffic.ts';

/** What came of a load. */
export interface Report {
  /** Answers of 2xx with the right prediction. */
  readonly answered: number;
  /** Everything else: another status, another prediction, no answer at all → how often. */
  readonly failures: Readonly<Record<string, number>>;
}

/** A load under way from this machine, as `nestor load` sends it, with a look at every prediction. */
export class Load {
  readonly #over = new AbortController();
  readonly #finished: Promise<void>;
  readonly #failures: Record<string, number> = {};
  #answered = 0;

  /**
   * @param prediction what each answer must hold, as text
   * @param rate requests a second, over all connections; where they cannot be answered so fast, as many as can
   */
  constructor(url: string, body: object, prediction: string, connections: number, rate: number) {
    const traffic = {
      url: new URL(url),
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
      rate,
      connections,
      // The server alone closes connections: its MAX_REQUESTS_PER_CONNECTION is under test too.
      requestsPerConnection: Infinity,
    };
    const fail = (reason: string): void => void (this.#failures[reason] = (this.#failures[reason] ?? 0) + 1);
    const witness = {
      answer: ({ status, body }: { status: number; body: string }): void => {
        if (status < 200 || status > 299) fail(String(status));
        else if (!body.includes(prediction)) fail('another prediction');
        else this.#answered += 1;
      },
      failure: fail,
    };
    this.#finished = send(traffic, witness, this.#over.signal);
  }

  /** Sends no more, and waits for the answers under way. */
  async stop(): Promise<Report> {
    this.#over.abort();
    await this.#finished;
    return { answered: this.#answered, failures: this.#failures };
  }
}
