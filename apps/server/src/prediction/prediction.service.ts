import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Settings } from '#config';
import { NestorError } from '#errors';
import type { JobResult } from '#inference';
import type { ModelVersion } from '#models';
import type { Tensors } from '#tensor';

/** The header by which a caller sets a deadline of its own, in milliseconds; never later than the server's. */
export const TIMEOUT_HEADER = 'x-request-timeout-ms';

/** What to run: tensors of `rows` rows and, where not all are wanted, the names of the outputs. */
export interface Run {
  readonly inputs: Tensors;
  readonly rows: number;
  readonly outputs?: readonly string[];
  /** How long the caller is willing to wait, where the protocol lets it say so; never longer than the server allows. */
  readonly timeoutMs?: number;
}

/** The one way from a decoded request to its outputs, the same for every protocol. */
@Injectable()
export class PredictionService {
  private readonly timeoutMs: number;

  constructor(settings: Settings) {
    this.timeoutMs = settings.requestTimeoutSeconds * 1000;
  }

  /**
   * Runs the rows and holds the version while they run. Gives up when the deadline passes or the caller's connection
   * closes before they have started.
   *
   * @throws NestorError QUEUE_FULL, DEADLINE_EXCEEDED, CANCELLED, MODEL_FAILED, INVALID_REQUEST (the timeout header)
   */
  async run(model: ModelVersion, { timeoutMs = Infinity, ...work }: Run, request: FastifyRequest): Promise<JobResult> {
    const { socket } = request.raw;
    const deadline = performance.now() + Math.min(timeoutMs, this.timeoutOf(model, request));
    model.lease();
    try {
      return await model.scheduler.submit({ ...work, deadline, gone: () => socket.destroyed });
    } finally {
      model.release();
    }
  }

  private timeoutOf(model: ModelVersion, request: FastifyRequest): number {
    const seconds = model.manifest.limits?.timeoutSeconds;
    const limit = seconds === undefined ? this.timeoutMs : Math.min(this.timeoutMs, seconds * 1000);
    const asked = request.headers[TIMEOUT_HEADER];
    if (asked === undefined) return limit;
    const milliseconds = Number(asked);
    if (Number.isInteger(milliseconds) && milliseconds > 0) return Math.min(milliseconds, limit);
    throw new NestorError(
      'INVALID_REQUEST',
      `The header ${TIMEOUT_HEADER} takes a whole number of milliseconds above 0.`,
    );
  }
}
