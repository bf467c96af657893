import type { handleUnaryCall } from '@grpc/grpc-js';
import { type NestorError, toNestorError } from '#errors';
import type { KeyCheck } from '../../access/key-check.ts';
import type { RateLimit } from '../../access/rate-limit.ts';
import type { TrustedProxies } from '../../access/trusted-proxies.ts';
import type { GrpcMetrics } from '../../metrics/grpc-metrics.ts';
import type { Operation } from '../../operation/operation.ts';
import type { RequestRecords } from '../../operation/request-records.ts';
import { Call, type ServerCall } from './call.ts';
import type { GrpcOperation } from './operation.ts';
import { statusName } from './status.ts';

type UnaryArguments = Parameters<handleUnaryCall<Buffer, Buffer>>;

/** An operation with any form of errors. */
type AnyOperation = Operation<Call, unknown> & Pick<GrpcOperation, 'name'>;

/** Answers one request; throws a NestorError. */
type Respond = (request: Buffer, call: Call) => Buffer | Promise<Buffer>;

/** Records a request's outcome. The status defaults to the error's. */
export type Record = (call: Call, error: NestorError | undefined, status?: string) => void;

/** Applies to every call of every service: keys, rate limit, a log line and counters. */
export class Calls {
  readonly #keys: KeyCheck;
  readonly #rate: RateLimit;
  readonly #records: RequestRecords;
  readonly #metrics: GrpcMetrics;
  readonly #proxies: TrustedProxies;

  constructor(keys: KeyCheck, rate: RateLimit, records: RequestRecords, metrics: GrpcMetrics, proxies: TrustedProxies) {
    this.#keys = keys;
    this.#rate = rate;
    this.#records = records;
    this.#metrics = metrics;
    this.#proxies = proxies;
  }

  begin(serverCall: ServerCall): Call {
    return new Call(serverCall, this.#proxies);
  }

  /** A handler of raw bytes. Nestor parses messages itself: grpc-js would respond with INTERNAL to invalid ones. */
  unary(operation: GrpcOperation, respond: Respond): handleUnaryCall<Buffer, Buffer> {
    const answer = this.answering(operation, async (request, call) => {
      const refusal = await this.refusal(operation, call);
      if (refusal !== undefined) throw refusal;
      return respond(request, call);
    });
    const answerCall = async (...[serverCall, callback]: UnaryArguments): Promise<void> => {
      const call = this.begin(serverCall);
      const answered = await answer(serverCall.request, call);
      if (Buffer.isBuffer(answered)) callback(null, answered);
      else callback(operation.renderError(answered, call));
    };
    return (...unaryArguments) => void answerCall(...unaryArguments);
  }

  /** Answers requests with a response or an error, and records the outcome. Never rejects. */
  answering(operation: AnyOperation, respond: Respond): (request: Buffer, call: Call) => Promise<Buffer | NestorError> {
    const record = this.recorderOf(operation);
    return async (request, call) => {
      try {
        const response = await respond(request, call);
        record(call, undefined);
        return response;
      } catch (thrown) {
        const error = toNestorError(thrown);
        record(call, error);
        return error;
      }
    };
  }

  /** The reason to reject a call: UNAUTHENTICATED, ADMIN_OFF or RATE_LIMITED; undefined to admit it. */
  async refusal(operation: AnyOperation, call: Call): Promise<NestorError | undefined> {
    return (await this.#keys.refusal(operation.access, call)) ?? this.limit(operation, call);
  }

  /** RATE_LIMITED for a caller above its rate limit. Each message of a stream counts. */
  limit(operation: AnyOperation, call: Call): Promise<NestorError | undefined> {
    return this.#rate.refusal(operation, call);
  }

  recorderOf({ name, probe }: Pick<AnyOperation, 'name' | 'probe'>): Record {
    const count = this.#metrics.recorderOf(name);
    return ({ id, startedAt, served }, failure, status = statusName(failure)) => {
      count(status);
      this.#records.write(`"requestId":"${id}","rpc":"${name}","status":"${status}"`, {
        status: failure?.entry.status ?? 200,
        durationMs: performance.now() - startedAt,
        served,
        failure,
        probe,
      });
    };
  }
}
