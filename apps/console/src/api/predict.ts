import { parseWithDigits } from './exact-digits.ts';
import type { Issue } from './problem.ts';
import { requestText } from './request.ts';

/** No member of an answer has this key. */
export const JSON_TEXT = Symbol('JSON');

/** Label → its value. */
export type ClassValues = Readonly<Record<string, number | null>>;

/** The answer of `POST …/predict`. */
export interface Answer {
  /** Of a model that detects objects, these. */
  readonly prediction: readonly unknown[];
  /** What else is answered, as the model's description says. */
  readonly [key: string]: unknown;
  readonly warnings?: readonly Issue[];
  readonly model: { readonly name: string; readonly version: string };
  /** The answer as it came. */
  readonly [JSON_TEXT]: string;
}

/** Asks for a prediction with a body of this media type. */
export async function predict(path: string, body: BodyInit, contentType: string, signal: AbortSignal): Promise<Answer> {
  const text = await requestText(path, { method: 'POST', body, headers: { 'content-type': contentType }, signal });
  const answer = parseWithDigits(text) as Answer & { readonly detections?: readonly unknown[] };
  return { ...answer, prediction: answer.detections ?? answer.prediction, [JSON_TEXT]: text };
}
