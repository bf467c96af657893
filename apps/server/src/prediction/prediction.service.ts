import { Injectable } from '@nestjs/common';
import { Settings } from '#config';
import type { JobResult } from '#inference';
import type { ModelVersion } from '#engine';
import type { Tensors } from '#tensor';

/** What to run: tensors of `rows` rows and, where not all are wanted, the names of the outputs. */
export interface Run {
  readonly inputs: Tensors;
  readonly rows: number;
  readonly outputs?: readonly string[];
}

/** Who waits for an answer, over whatever protocol. */
export interface Caller {
  /** How long the caller is willing to wait; Infinity for as long as the server allows, which is never exceeded. */
  readonly timeoutMs: number;
  /** Whether the caller has left. */
  readonly gone: () => boolean;
}

/** The one way from a decoded request to its outputs, the same for every protocol. */
@Injectable()
export class PredictionService {
  private readonly timeoutMs: number;

  constructor(settings: Settings) {
    this.timeoutMs = settings.requestTimeoutSeconds * 1000;
  }

  /**
   * Runs the rows and holds the version while they run. Gives up when the deadline passes, or where the caller has left
   * before they have started.
   *
   * @throws NestorError QUEUE_FULL, DEADLINE_EXCEEDED, CANCELLED, MODEL_FAILED
   */
  async run(model: ModelVersion, run: Run, caller: Caller): Promise<JobResult> {
    model.lease();
    try {
      return await this.runLeased(model, run, caller);
    } finally {
      model.release();
    }
  }

  /** Does the same for who holds the version already, over more than this run. */
  runLeased(model: ModelVersion, run: Run, { timeoutMs, gone }: Caller): Promise<JobResult> {
    const deadline = performance.now() + Math.min(timeoutMs, this.limitOf(model));
    return model.scheduler.submit({ ...run, deadline, gone });
  }

  private limitOf({ manifest }: ModelVersion): number {
    const seconds = manifest.limits?.timeoutSeconds;
    return seconds === undefined ? this.timeoutMs : Math.min(this.timeoutMs, seconds * 1000);
  }
}
