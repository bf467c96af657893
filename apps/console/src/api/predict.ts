import { requestJson } from './request.ts';
import type { Issue } from './problem.ts';

/** Label → its value. */
export type ClassValues = Readonly<Record<string, number | null>>;

/** The answer of `POST …/predict`. */
export interface Answer {
  readonly prediction: readonly unknown[];
  /** What else is answered, as the model's description says. */
  readonly [key: string]: unknown;
  readonly warnings?: readonly Issue[];
  readonly model: { readonly name: string; readonly version: string };
}

/** Asks for a prediction with a body of this media type. */
export const predict = (path: string, body: BodyInit, contentType: string, signal: AbortSignal): Promise<Answer> =>
  requestJson(path, { method: 'POST', body, headers: { 'content-type': contentType }, signal });
