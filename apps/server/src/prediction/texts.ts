import type { Engine, GivenText, ModelVersion, ReadText, Run, TextModel } from '#engine';
import { describe, listNames, NestorError, quote } from '#errors';
import { shortestFloat32 } from '#features';
import type { Tensor } from '#tensor';
import type { TextTask } from '#text';
import type { Question, Target } from './prediction-operation.ts';

/** A question about texts, which are read into tokens. */
export interface TextsQuestion extends Question {
  readonly texts: readonly ReadText[];
}

/**
 * The model for a request in a text protocol: the model that it names, else the default model if that fits the task,
 * else the only model that fits.
 *
 * @throws NestorError INVALID_REQUEST if several fit; UNKNOWN_MODEL if none does
 */
export function targetFor(engine: Engine, task: TextTask, name: string | undefined): Target {
  if (name !== undefined) return { name };
  const fitting = engine.status().filter(({ latest }) => latest?.text?.plan.task === task);
  const names = fitting.map((model) => model.name);
  const [only, second] = names;
  if (engine.defaultModel !== undefined && names.includes(engine.defaultModel)) return { name: engine.defaultModel };
  if (only === undefined) throw new NestorError('UNKNOWN_MODEL', `No model for ${task} is served.`);
  if (second === undefined) return { name: only };
  throw new NestorError('INVALID_REQUEST', `There are several models for ${task}. Name one of ${listNames(names)}.`);
}

/** @throws NestorError INVALID_REQUEST if the model has another task */
export function textModelFor({ name, text, manifest }: ModelVersion, task: TextTask): TextModel {
  if (text?.plan.task === task) return text;
  const is = text?.plan.task ?? manifest.task ?? 'something else';
  throw new NestorError(
    'INVALID_REQUEST',
    `The model ${quote(name)} is for ${is}; this path needs a model for ${task}.`,
  );
}

/**
 * One or several texts, or lists of the ids of their tokens.
 *
 * @param name the member that holds them
 * @throws NestorError INVALID_REQUEST, NO_ROWS, TOO_MANY_ROWS
 */
export function textsIn(value: unknown, name: string, maxRows: number): readonly GivenText[] {
  const expected = `${quote(name)} is a text, a list of texts, or the ids of tokens as a list or a list of lists`;
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) throw new NestorError('INVALID_REQUEST', `${expected}; here it is ${describe(value)}.`);
  const list = value as readonly unknown[];
  if (isTokens(list)) return [list];
  requireCount(list, name, maxRows);
  const wrong = list.findIndex((item) => typeof item !== 'string' && !(Array.isArray(item) && isTokens(item)));
  if (wrong === -1) return list as readonly GivenText[];
  throw new NestorError('INVALID_REQUEST', `${expected}; here item ${wrong} is ${describe(list[wrong])}.`);
}

/** @throws NestorError NO_ROWS for an empty list, TOO_MANY_ROWS for one that is too long */
export function requireCount({ length }: readonly unknown[], name: string, maxRows: number): void {
  if (length === 0) throw new NestorError('NO_ROWS', `${quote(name)} is an empty list; at least one text is expected.`);
  if (length > maxRows)
    throw new NestorError('TOO_MANY_ROWS', `${quote(name)} has ${length} texts; at most ${maxRows} are taken at once.`);
}

const isTokens = (list: readonly unknown[]): list is readonly number[] =>
  list.length > 0 && list.every((id) => Number.isSafeInteger(id) && (id as number) >= 0);

export const runOfTexts = (texts: readonly ReadText[]): Run => ({ inputs: {}, rows: texts.length, texts });

/**
 * For protocols whose responses cannot carry a warning.
 * @throws NestorError INVALID_ROWS naming the texts that are too long for the model
 */
export function requireWhole(texts: readonly ReadText[], { plan }: TextModel, hint: string): void {
  const cut = texts.filter(({ tokens }) => tokens.isCut);
  if (cut.length === 0) return;
  const issues = cut.map(({ row }) => ({
    row,
    detail: `row ${row}: text has more than the ${plan.maxTokens} tokens that the model reads`,
  }));
  throw new NestorError('INVALID_ROWS', `${issues[0]!.detail}. ${hint}`, { errors: issues.slice(0, 100) });
}

/**
 * The numbers of an output of 32-bit floats.
 * @throws NestorError MODEL_FAILED for NaN and infinities, which JSON cannot carry
 */
export function finiteOf({ data }: Tensor): Float32Array {
  const floats = data as Float32Array;
  if (!floats.every(Number.isFinite)) throw new NestorError('MODEL_FAILED', 'The model returned NaN or an infinity.');
  return floats;
}

/**
 * The rows of an output [N, width] of 32-bit floats.
 * @throws NestorError MODEL_FAILED as {@link finiteOf}
 */
export function vectorsOf(output: Tensor): Float32Array[] {
  const data = finiteOf(output);
  const [rows] = output.shape as [number];
  const width = data.length / rows;
  return Array.from({ length: rows }, (_, row) => data.subarray(row * width, (row + 1) * width));
}

/** A vector as JSON, each number with the fewest digits that identify its 32-bit float. */
export const vectorJson = (vector: Float32Array): string => `[${Array.from(vector, shortestFloat32).join(',')}]`;
