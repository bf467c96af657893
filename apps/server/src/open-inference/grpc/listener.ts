import { Server, ServerCredentials, setLogger } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import { type Settings, SettingsError } from '#config';
import type { SecondServer } from '../../lifecycle/drain.ts';
import { GuardedServices } from './guarded-services.ts';
import type { Health } from './health.ts';
import type { InferenceService } from './inference-service.ts';
import { methods } from './interface.ts';
import type { MessageMemory } from './message-memory.ts';
import { addReflection } from './reflection.ts';
import type { Calls } from './calls.ts';

/** The limit on open calls per connection; clients queue further calls. */
const MOST_OPEN_CALLS = 1000;

type Limits = Pick<Settings, 'maxBodyBytes' | 'grpcMaxConnectionAgeSeconds' | 'shutdownSeconds'>;

/** The gRPC port and its services: inference, health and reflection. */
export class Listener implements SecondServer {
  /** The address it listens on, such as `0.0.0.0:8081`; empty before `listen`. */
  address = '';
  readonly #server: Server;
  readonly #service: InferenceService;
  readonly #health: Health;
  readonly #others: GuardedServices;
  readonly #graceMs: number;

  constructor(
    service: InferenceService,
    health: Health,
    calls: Calls,
    memory: MessageMemory,
    limits: Limits,
    logger: Logger,
  ) {
    this.#service = service;
    this.#health = health;
    this.#others = new GuardedServices(calls);
    this.#graceMs = limits.shutdownSeconds * 1000;
    this.#server = new Server({ ...optionsOf(limits), interceptors: [memory.interceptor] });
    // grpc-js would otherwise log to standard error.
    const say = (...words: unknown[]): void => logger.debug(words.join(' '));
    setLogger({ error: say, info: say, debug: say });
    // Nestor parses messages itself because grpc-js would respond with INTERNAL to invalid ones.
    const inBytes = Object.entries(methods).map(([name, method]) => [
      name,
      { ...method, requestDeserialize: same, responseSerialize: same },
    ]);
    this.#server.addService(Object.fromEntries(inBytes) as never, this.#service.handlers);
    this.#health.addTo(this.#others.of(this.#server, 'open'));
    addReflection(this.#others.of(this.#server, 'key'));
  }

  /** @throws SettingsError if the port is not available */
  async listen(host: string, port: number): Promise<void> {
    const name = host.includes(':') ? `[${host}]` : host;
    const bound = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync(`${name}:${port}`, ServerCredentials.createInsecure(), (error, actual) => {
        if (error === null) resolve(actual);
        else reject(new SettingsError([`GRPC_PORT must be a free port; ${name}:${port} is not: ${error.message}`]));
      });
    });
    this.address = `${name}:${bound}`;
  }

  /** Turns health to NOT_SERVING and lets connections finish their calls. New calls need new connections. */
  drain(): void {
    this.#health.update();
    if (this.address !== '') this.#server.drain(this.address, this.#graceMs);
  }

  async close(): Promise<void> {
    this.#service.stopStreams();
    this.#others.stopStreams();
    await new Promise<void>((resolve) => this.#server.tryShutdown(() => resolve()));
  }

  cut(): void {
    if (this.address !== '') this.#server.drain(this.address, 0);
    this.#server.forceShutdown();
  }
}

const same = (bytes: Buffer): Buffer => bytes;

function optionsOf({ maxBodyBytes, grpcMaxConnectionAgeSeconds: age }: Limits) {
  return {
    'grpc.max_receive_message_length': maxBodyBytes,
    'grpc.max_send_message_length': -1,
    'grpc.max_concurrent_streams': MOST_OPEN_CALLS,
    ...(age > 0 && { 'grpc.max_connection_age_ms': age * 1000 }),
    // Its statistics would cost every call time, and nothing reads them.
    'grpc.enable_channelz': 0,
  };
}
