import { listNames, NestorError, quote } from '#errors';

/** The name of an output in a model's answer, such as `prediction` or `probabilities`. Warnings are about the row. */
export type OutputOf<Answer> = Exclude<keyof Answer & string, 'warnings'>;

/** An answer with some outputs only, and its warnings. */
export type AnswerWith<Answer, Output extends OutputOf<Answer>> = Pick<Answer, Output | ('warnings' & keyof Answer)>;

/**
 * Answers with the requested outputs, and their warnings.
 * @param wanted all outputs by default
 * @throws NestorError UNSUPPORTED_PARAMETER if the answers have no such output
 */
export function withOutputs(answers: readonly object[], wanted: readonly string[] | undefined): readonly object[] {
  if (wanted === undefined) return answers;
  const known = new Set(answers.flatMap(Object.keys).filter((key) => key !== 'warnings'));
  const unknown = wanted.find((output) => !known.has(output));
  if (unknown !== undefined) {
    const detail = `The model does not answer ${quote(unknown)}; it answers ${listNames([...known])}.`;
    throw new NestorError('UNSUPPORTED_PARAMETER', `${detail} Name these in outputs.`);
  }
  const kept = new Set([...wanted, 'warnings']);
  return answers.map((answer) => Object.fromEntries(Object.entries(answer).filter(([key]) => kept.has(key))));
}
