import { readFile } from 'node:fs/promises';
import { withoutMark } from '#csv';
import type { ModelVersion } from '#engine';

/** The predictions of a model's training framework: training/golden.json. */
interface Golden {
  readonly framework?: string;
  readonly records: readonly unknown[];
  readonly prediction: readonly unknown[];
  readonly probabilities?: readonly Readonly<Record<string, number>>[];
}

/** As in numpy's allclose: numbers may differ by RELATIVE times the expected one, plus ABSOLUTE. */
const RELATIVE = 1e-4;
const ABSOLUTE = 1e-5;

const MAX_PROBLEMS = 5;
const MAX_ROWS_AT_ONCE = 1000;

/** Runs the golden rows through a model and compares the predictions. Without a file there are no rows. */
export async function compareWithGolden(
  model: ModelVersion,
  path: string,
): Promise<{ readonly rows: number; readonly problems: readonly string[] }> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    // A model may be an .onnx file without a folder.
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  });
  if (text === undefined) return { rows: 0, problems: [] };
  const golden = parse(text);
  if (golden === undefined) {
    const form = '{"records": […], "prediction": […]} with one prediction per record';
    return { rows: 0, problems: [`${path} is not ${form}.`] };
  }
  const problems: string[] = [];
  const { prediction, probabilities } = await answersOf(model, golden.records);
  for (const [row, expected] of golden.prediction.entries()) {
    if (!same(prediction[row], expected)) problems.push(difference(path, row, 'prediction', prediction[row], expected));
    const likely = golden.probabilities?.[row];
    if (likely !== undefined && !same(probabilities?.[row], likely))
      problems.push(difference(path, row, 'probabilities', probabilities?.[row], likely));
  }
  const shown = problems.slice(0, MAX_PROBLEMS);
  if (problems.length > shown.length) shown.push(`and ${problems.length - shown.length} more differ`);
  return { rows: golden.records.length, problems: shown };
}

function parse(text: string): Golden | undefined {
  let value: unknown;
  try {
    value = JSON.parse(withoutMark(text));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { records, prediction } = value as Partial<Golden>;
  const isGolden = Array.isArray(records) && Array.isArray(prediction) && records.length === prediction.length;
  return isGolden && records.length > 0 ? (value as Golden) : undefined;
}

/** The model's predictions, in as many requests as its row limit requires. */
async function answersOf(
  model: ModelVersion,
  records: readonly unknown[],
): Promise<{ prediction: unknown[]; probabilities?: unknown[] }> {
  const prediction: unknown[] = [];
  const probabilities: unknown[] = [];
  const together = model.rows.kind === 'none' ? 1 : MAX_ROWS_AT_ONCE;
  const size = Math.min(together, model.limits.maxRows);
  for (let from = 0; from < records.length; from += size) {
    const { inputs, count } = await model.read(records.slice(from, from + size));
    const { outputs } = await model.run({ inputs, rows: count, outputs: model.writer.outputs });
    const values = model.writer.values(outputs, { count });
    prediction.push(...values.prediction);
    probabilities.push(...(values.probabilities ?? []));
  }
  return { prediction, probabilities };
}

/** Whether two predictions agree: text and labels exactly, numbers closely, lists and objects by their members. */
function same(answer: unknown, expected: unknown): boolean {
  if (typeof expected === 'number')
    return typeof answer === 'number' && Math.abs(answer - expected) <= RELATIVE * Math.abs(expected) + ABSOLUTE;
  if (typeof expected !== 'object' || expected === null) return answer === expected;
  if (typeof answer !== 'object' || answer === null) return false;
  const keys = Object.keys(expected);
  if (Object.keys(answer).length !== keys.length) return false;
  return keys.every((key) =>
    same((answer as Record<string, unknown>)[key], (expected as Record<string, unknown>)[key]),
  );
}

function difference(path: string, row: number, what: string, answer: unknown, expected: unknown): string {
  return `${path}: the ${what} of row ${row} is ${JSON.stringify(answer)}, but ${JSON.stringify(expected)} is expected.`;
}
