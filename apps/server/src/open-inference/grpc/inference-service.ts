import type { handleBidiStreamingCall, handleUnaryCall, ServerDuplexStream } from '@grpc/grpc-js';
import type { Engine } from '#engine';
import { NestorError } from '#errors';
import type { ModelMetrics } from '#metrics';
import type { Access } from '../../operation/operation.ts';
import type { Pipeline } from '../../prediction/pipeline.ts';
import { modelMetadata, SERVER_METADATA } from '../metadata.ts';
import { modelConfig } from '../model-config.ts';
import { repositoryIndex } from '../repository-index.ts';
import { modelStatistics } from '../statistics.ts';
import type { Calls } from './calls.ts';
import { MODEL_INFER, MODEL_STREAM_INFER } from './infer.operation.ts';
import { type AnswerMessage, InferStream } from './infer-stream.ts';
import { methods } from './interface.ts';
import type { MessageMemory } from './message-memory.ts';
import { inferenceOperation } from './operation.ts';

/** The fields of all requests except inferences. Absent strings are empty. */
interface Request {
  readonly name: string;
  readonly version: string;
  readonly ready: boolean;
  readonly model_name: string;
  readonly parameters?: object;
}

type Answer = (request: Request) => object | Promise<object>;

/** The handlers of GRPCInferenceService by method name, from bytes to bytes. */
export class InferenceService {
  readonly handlers: Readonly<
    Record<string, handleUnaryCall<Buffer, Buffer> | handleBidiStreamingCall<Buffer, Buffer>>
  >;
  readonly #calls: Calls;
  readonly #models: Engine;
  readonly #metrics: ModelMetrics;
  readonly #streams = new Set<InferStream>();

  /** @param isReady whether this process is ready for requests */
  constructor(
    calls: Calls,
    memory: MessageMemory,
    pipeline: Pipeline,
    models: Engine,
    metrics: ModelMetrics,
    isReady: () => boolean,
    maxBodyBytes: number,
  ) {
    this.#calls = calls;
    this.#models = models;
    this.#metrics = metrics;
    this.handlers = {
      ServerLive: this.#unary('ServerLive', 'open', () => ({ live: true })),
      ServerReady: this.#unary('ServerReady', 'open', () => ({ ready: isReady() })),
      ServerMetadata: this.#unary('ServerMetadata', 'key', () => SERVER_METADATA),
      ModelReady: this.#unary('ModelReady', 'key', (request) => ({ ready: this.#isReady(request) })),
      ModelMetadata: this.#unary('ModelMetadata', 'key', (request) => {
        return modelMetadata(this.#model(request), models.statusOf(request.name));
      }),
      ModelConfig: this.#unary('ModelConfig', 'key', (request) => this.#config(request)),
      ModelStatistics: this.#unary('ModelStatistics', 'key', (request) => this.#statistics(request)),
      RepositoryIndex: this.#unary('RepositoryIndex', 'key', ({ ready }) => ({
        models: repositoryIndex(models.status(), ready),
      })),
      RepositoryModelLoad: this.#unary('RepositoryModelLoad', 'admin', (request) => this.#load(request)),
      RepositoryModelUnload: this.#unary('RepositoryModelUnload', 'admin', async (request) => {
        await models.unload(request.model_name);
        return {};
      }),
      ModelInfer: calls.unary(MODEL_INFER, (request, call) => {
        call.read(request);
        return pipeline.answer(MODEL_INFER, call);
      }),
      ModelStreamInfer: this.#stream(pipeline, memory, maxBodyBytes),
    };
  }

  /** Ends the streams once the requests already read are answered. */
  stopStreams(): void {
    for (const stream of this.#streams) stream.stop();
  }

  #unary(name: string, access: Access, answer: Answer): handleUnaryCall<Buffer, Buffer> {
    const { readRequest, writeResponse } = methods[name]!;
    return this.#calls.unary(inferenceOperation(name, access), async (bytes) => {
      let request: Request;
      try {
        request = readRequest(bytes) as Request;
      } catch (cause) {
        throw new NestorError('MALFORMED_BODY', 'The request is not a valid message of its type.', { cause });
      }
      return writeResponse(await answer(request));
    });
  }

  #stream(pipeline: Pipeline, memory: MessageMemory, maxBodyBytes: number): handleBidiStreamingCall<Buffer, Buffer> {
    const open = inferenceOperation('ModelStreamInfer', 'key');
    const record = this.#calls.recorderOf(open);
    const answer = this.#answerMessages(pipeline);
    const begin = async (serverCall: ServerDuplexStream<Buffer, Buffer>): Promise<void> => {
      const call = this.#calls.begin(serverCall);
      const refusal = await this.#calls.refusal(open, call);
      if (refusal !== undefined) {
        record(call, refusal);
        serverCall.emit('error', open.renderError(refusal, call));
        return;
      }
      const stream = new InferStream(serverCall, call, answer, memory, maxBodyBytes);
      this.#streams.add(stream);
      // grpc-js emits this event however a call ends.
      serverCall.on('cancelled', () => this.#streams.delete(stream));
    };
    return (serverCall) => void begin(serverCall);
  }

  /** Applies the rate limit after reading a request, because the error names the request by its id. */
  #answerMessages(pipeline: Pipeline): AnswerMessage {
    const answer = this.#calls.answering(MODEL_STREAM_INFER, async (request, call) => {
      call.read(request);
      const refusal = await this.#calls.limit(MODEL_STREAM_INFER, call);
      if (refusal !== undefined) throw refusal;
      return pipeline.answer(MODEL_STREAM_INFER, call);
    });
    return async (request, call) => {
      const answered = await answer(request, call);
      return Buffer.isBuffer(answered) ? answered : MODEL_STREAM_INFER.renderError(answered, call);
    };
  }

  #model({ name, version }: Request): ReturnType<Engine['get']> {
    return this.#models.get(name, version === '' ? undefined : version);
  }

  /** Reports an unknown model as not ready: clients of ModelReady do not expect an error. */
  #isReady(request: Request): boolean {
    try {
      this.#model(request);
      return true;
    } catch (error) {
      if (error instanceof NestorError) return false;
      throw error;
    }
  }

  #config(request: Request): object {
    const model = this.#model(request);
    return { config: modelConfig(model) };
  }

  #statistics(request: Request): object {
    const { name, version } = request;
    const statuses = name === '' ? this.#models.status() : [this.#models.statusOf(name)];
    const served = version === '' ? statuses.flatMap((status) => status.served) : [this.#model(request)];
    return {
      model_stats: served.map((one) => modelStatistics(one.name, one.version, this.#metrics.of(one.name, one.version))),
    };
  }

  async #load({ model_name, parameters = {} }: Request): Promise<object> {
    if (Object.keys(parameters).length > 0) {
      throw new NestorError(
        'UNSUPPORTED_PARAMETER',
        'Load parameters are not supported: Nestor loads a model as it is on disk.',
      );
    }
    await this.#models.load(model_name);
    return {};
  }
}
