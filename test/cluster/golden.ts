import { readFileSync } from 'node:fs';

/** What the training framework predicted for the housing model. */
export const golden = JSON.parse(
  readFileSync(new URL('../../models/housing/training/golden.json', import.meta.url), 'utf8'),
) as { readonly records: readonly Record<string, number>[]; readonly prediction: readonly number[] };

/** One house, and the first digits of its price as they stand in an answer. */
export const house = golden.records[0]!;
export const price = golden.prediction[0]!.toFixed(3).slice(0, -1);

const texts = new URL('../models/sklearn-text/', import.meta.url);

/** A model of texts, in base64. */
export const textModel = readFileSync(new URL('1/model.onnx', texts)).toString('base64');

/** What scikit-learn predicts for some texts. */
export const moods = JSON.parse(readFileSync(new URL('golden.json', texts), 'utf8')) as {
  readonly records: readonly object[];
  readonly prediction: readonly string[];
  readonly probabilities: readonly Readonly<Record<string, number>>[];
};
