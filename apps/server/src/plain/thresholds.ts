import { NestorError, quote } from '#errors';
import type { AnswerWish } from '#features';
import type { ModelVersion } from '#engine';

type Thresholds = Pick<AnswerWish, 'scoreThreshold' | 'overlapThreshold'>;

/** A number from 0 to 1 in a query, in digits. */
const SHARE = /^(?:0|1|0?\.\d{1,18}|0\.0*|1\.0*)$/;

/**
 * Reads the query's `threshold` and `overlap`, which select the objects of a picture to return.
 *
 * @throws NestorError UNSUPPORTED_PARAMETER if they are not numbers from 0 to 1, or the model detects no objects
 */
export function thresholdsOf(query: unknown, model: ModelVersion): Thresholds {
  const { threshold, overlap } = query as { threshold?: unknown; overlap?: unknown };
  return {
    ...(threshold !== undefined && { scoreThreshold: shareOf('threshold', threshold, model) }),
    ...(overlap !== undefined && { overlapThreshold: shareOf('overlap', overlap, model) }),
  };
}

function shareOf(name: string, value: unknown, model: ModelVersion): number {
  if (model.detector === undefined)
    throw new NestorError(
      'UNSUPPORTED_PARAMETER',
      `"${name}" is for models that detect objects; ${model.name} does not.`,
    );
  if (typeof value === 'string' && SHARE.test(value)) return Number(value);
  const said = typeof value === 'string' ? `, not ${quote(value)}` : ', given once';
  throw new NestorError('UNSUPPORTED_PARAMETER', `"${name}" takes a number from 0 to 1${said}.`);
}
