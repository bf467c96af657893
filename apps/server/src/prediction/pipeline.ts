import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { type Caller, Engine, type ModelVersion, type Run } from '#engine';
import type { Tensors } from '#tensor';
import { PINO } from '../logging/logger.ts';
import type { PredictionOperation, PredictionRequest, Question, Target } from './prediction-operation.ts';

/** The path of every request for predictions, in any protocol. */
@Injectable()
export class Pipeline {
  constructor(
    @Inject(Engine) private readonly models: Engine,
    @Inject(PINO) private readonly logger: Logger,
  ) {}

  /**
   * Finds the model, leases its version, decodes, runs and encodes. Rejects a request that would wait too long before
   * decoding it. In every case, it then releases the version and the request's memory: the response does not use that
   * memory, and a run that continues past the deadline has its own copy.
   *
   * @throws NestorError
   */
  async answer<Request extends PredictionRequest, Asked extends Question, Answer>(
    operation: PredictionOperation<Request, Asked, Answer, unknown>,
    request: Request,
  ): Promise<Answer> {
    let leased: ModelVersion | undefined;
    let question: Asked | undefined;
    try {
      const model = this.find(request, operation.target(request));
      model.lease();
      leased = model;
      const caller = request.caller();
      const refusal = model.scheduler.refusal();
      if (refusal !== undefined) throw refusal;
      question = await operation.decode(request, model, caller);
      const { run, timeoutMs } = question;
      request.served!.rows = run.rows;
      const { outputs } = await model.run(run, within(caller, timeoutMs));
      const answer = operation.encode(outputs, question, model);
      if (this.logger.isLevelEnabled('debug')) {
        this.logger.debug({ requestId: request.id, ...operation.describe(request, answer) }, operation.name);
      }
      return answer;
    } finally {
      leased?.release();
      request.memory?.giveBack(question === undefined ? [] : inputsOf(question.run));
    }
  }

  /**
   * Finds a request's version, and sets it on the request for the log and the metrics.
   *
   * @throws NestorError UNKNOWN_MODEL, UNKNOWN_VERSION, MODEL_NOT_READY
   */
  find(request: Pick<PredictionRequest, 'served'>, { name, version }: Target): ModelVersion {
    const model = this.models.get(name, version);
    request.served = { model: model.name, version: model.version, rows: 0 };
    return model;
  }
}

const inputsOf = ({ inputs, groups = [] }: Run): readonly Tensors[] => [inputs, ...groups.map((group) => group.inputs)];

function within(caller: Caller, timeoutMs: number | undefined): Caller {
  return timeoutMs === undefined ? caller : { ...caller, timeoutMs: Math.min(caller.timeoutMs, timeoutMs) };
}
