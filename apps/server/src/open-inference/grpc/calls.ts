import type { handleUnaryCall } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import { NestorError, toNestorError } from '#errors';
import { clientOf } from '../../access/client.ts';
import type { KeyCheck } from '../../access/key-check.ts';
import { RateWindow } from '../../access/rate-window.ts';
import { RequestLog } from '../../logging/request-log.ts';
import type { GrpcMetrics } from '../../metrics/grpc-metrics.ts';
import type { ModelMetrics } from '../../metrics/model-metrics.ts';
import type { Access } from '../../operation/operation.ts';
import { Call } from './call.ts';
import { statusName, statusOf } from './status.ts';

export interface Method {
  /** Such as `inference.GRPCInferenceService/ModelInfer`. */
  readonly name: string;
  readonly access: Access;
  /** Asked so often by probes that a success is logged at debug level only. */
  readonly probe: boolean;
}

type UnaryArguments = Parameters<handleUnaryCall<Buffer, Buffer>>;

/** Writes down how a request went; the status is that of the error, where no other is given. */
export type Record = (call: Call, error: NestorError | undefined, status?: string) => void;

/** What holds for every call, whichever service answers it: keys, one line in the log, counters. */
export class Calls {
  readonly #keys: KeyCheck;
  readonly #log: RequestLog;
  readonly #metrics: GrpcMetrics;
  readonly #models: ModelMetrics;
  readonly #rate: RateWindow | undefined;

  /** @param ratePerMinute requests that one client may send; 0 for no limit */
  constructor(keys: KeyCheck, logger: Logger, metrics: GrpcMetrics, models: ModelMetrics, ratePerMinute: number) {
    this.#rate = ratePerMinute === 0 ? undefined : new RateWindow(ratePerMinute);
    this.#keys = keys;
    this.#log = new RequestLog(logger);
    this.#metrics = metrics;
    this.#models = models;
  }

  /** A handler of bytes by bytes: grpc-js answers INTERNAL where it fails to read a message, so that we read it. */
  unary(
    method: Method,
    answer: (request: Buffer, call: Call) => Buffer | Promise<Buffer>,
  ): handleUnaryCall<Buffer, Buffer> {
    const record = this.recorderOf(method);
    const answerCall = async (...[serverCall, callback]: UnaryArguments): Promise<void> => {
      const call = new Call(serverCall);
      let response: Buffer | undefined;
      let error = this.refusal(method, call);
      try {
        if (error === undefined) response = await answer(serverCall.request, call);
      } catch (thrown) {
        error = toNestorError(thrown);
      }
      if (error === undefined) callback(null, response);
      else callback(statusOf(error, call.requestId));
      record(call, error);
    };
    return (...unaryArguments) => void answerCall(...unaryArguments);
  }

  /**
   * What stands against a call, by its method, keys and rate: UNAUTHENTICATED, ADMIN_OFF or RATE_LIMITED; undefined where
   * nothing does.
   */
  refusal({ access }: Method, call: Call): NestorError | undefined {
    if (access === 'open') return undefined;
    const tooMany = this.limit(call);
    if (tooMany !== undefined) return tooMany;
    // Where no key is asked for, nobody's metadata is looked at.
    if (access === 'key' && !this.#keys.asksForKeys) return undefined;
    return this.#keys.refusal(access, call.credentials);
  }

  /** RATE_LIMITED where the caller sends more than it may; each message of a stream counts. */
  limit(call: Call): NestorError | undefined {
    if (this.#rate === undefined) return undefined;
    const client = clientOf(call.credentials, call.address, this.#keys.asksForKeys);
    const retryAfterSeconds = this.#rate.take(client, call.startedAt);
    if (retryAfterSeconds === 0) return undefined;
    return new NestorError('RATE_LIMITED', 'This client sends more requests in a minute than it may.', {
      retryAfterSeconds,
    });
  }

  recorderOf(method: Method): Record {
    const count = this.#metrics.recorderOf(method.name);
    return (call, error, status = statusName(error)) => {
      const durationMs = performance.now() - call.startedAt;
      const { served } = call;
      count(status);
      if (served !== undefined) {
        this.#models.of(served.model, served.version).answered(error?.code ?? 'ok', served.rows, durationMs / 1000);
      }
      this.#write(method, call, error, status, durationMs);
    };
  }

  #write(
    { name, probe }: Method,
    { requestId, served }: Call,
    failure: NestorError | undefined,
    status: string,
    durationMs: number,
  ): void {
    this.#log.write(`"requestId":"${requestId}","rpc":"${name}","status":"${status}"`, {
      status: failure?.entry.status ?? 200,
      durationMs,
      served,
      failure,
      probe,
    });
  }
}
