import type { HealthImplementation } from './health-service.ts';
import type { Handler, Services } from './guarded-services.ts';
import { SERVICE } from './interface.ts';
import { addOnDemand, type LoadedService, loadedFrom } from './on-demand.ts';

/** The server as a whole (the empty name), and its inference service. */
const SERVICES = ['', SERVICE];

const METHODS = ['Check', 'Watch', 'List'].map((name) => ({
  path: `/grpc.health.v1.Health/${name}`,
  requestStream: false,
  responseStream: name === 'Watch',
}));

/** grpc.health.v1: SERVING while this process is ready for requests. */
export class Health {
  #implementation: HealthImplementation | undefined;
  readonly #isReady: () => boolean;
  #status: 'SERVING' | 'NOT_SERVING' | undefined;

  constructor(isReady: () => boolean) {
    this.#isReady = isReady;
  }

  addTo(server: Services): void {
    addOnDemand(server, METHODS, () => this.#load());
  }

  /** Call this whenever readiness may have changed: it notifies the watchers. */
  update(): void {
    if (this.#implementation === undefined) return;
    const status = this.#isReady() ? 'SERVING' : 'NOT_SERVING';
    if (status === this.#status) return;
    this.#status = status;
    for (const service of SERVICES) this.#implementation.setStatus(service, status);
  }

  async #load(): Promise<LoadedService> {
    const { HealthImplementation } = await import('./health-service.ts');
    const implementation = new HealthImplementation();
    this.#implementation = implementation;
    this.update();
    const methods = loadedFrom((server) => implementation.addToServer(server));
    return new Map(
      [...methods].map(([path, method]) => [path, { ...method, handler: this.#afterUpdate(method.handler) }]),
    );
  }

  /** Updates the status before each call, because not every change comes with an event. */
  #afterUpdate(handler: Handler): Handler {
    return (call, callback) => {
      this.update();
      handler(call, callback);
    };
  }
}
