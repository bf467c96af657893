import { HealthImplementation } from 'grpc-health-check';
import type { Handler, Services } from './guarded-services.ts';
import { SERVICE } from './interface.ts';

/** The server as a whole, and its one service of note. */
const SERVICES = ['', SERVICE];

/** grpc.health.v1: SERVING as long as this process should be sent requests. */
export class Health {
  readonly #implementation = new HealthImplementation();
  readonly #isReady: () => boolean;
  #status: 'SERVING' | 'NOT_SERVING' | undefined;

  constructor(isReady: () => boolean) {
    this.#isReady = isReady;
    this.update();
  }

  addTo(server: Services): void {
    this.#implementation.addToServer({
      addService: (service, handlers) => {
        const current = Object.entries(handlers).map(([name, handler]) => [name, this.#afterUpdate(handler)]);
        server.addService(service, Object.fromEntries(current) as Record<string, Handler>);
      },
    });
  }

  /** To be called whenever that may have changed; who watches is told. */
  update(): void {
    const status = this.#isReady() ? 'SERVING' : 'NOT_SERVING';
    if (status === this.#status) return;
    this.#status = status;
    for (const service of SERVICES) this.#implementation.setStatus(service, status);
  }

  /** What is asked is answered as of now: not every change comes with an event. */
  #afterUpdate(handler: Handler): Handler {
    return (call, callback) => {
      this.update();
      handler(call, callback);
    };
  }
}
