import { parseWithDigits } from './exact-digits.ts';
import type { Issue } from './problem.ts';
import { requestText } from './request.ts';

/** No member of an answer has this key. */
export const JSON_TEXT = Symbol('JSON');

/** Label → its value. */
export type ClassValues = Readonly<Record<string, number | null>>;

/** The answer of `POST …/predict`. */
export interface Answer {
  /** The values of an object detector are its objects. */
  readonly prediction: readonly unknown[];
  /** The other members, as the model's description lists them. */
  readonly [key: string]: unknown;
  readonly warnings?: readonly Issue[];
  readonly model: { readonly name: string; readonly version: string };
  /** The unparsed text of the answer. */
  readonly [JSON_TEXT]: string;
}

/** Requests a prediction with a body of this media type. */
export async function predict(path: string, body: BodyInit, contentType: string, signal: AbortSignal): Promise<Answer> {
  const text = await requestText(path, { method: 'POST', body, headers: { 'content-type': contentType }, signal });
  const answer = parseWithDigits(text) as Answer & { readonly detections?: readonly unknown[] };
  return { ...answer, prediction: answer.detections ?? answer.prediction, [JSON_TEXT]: text };
}
