import type { Node } from './model-file.ts';

/** The labels that an operator of ai.onnx.ml has for classes; undefined where it has none, or too many to be kept. */
export function classLabels({ attributes }: Node): readonly (string | number)[] | undefined {
  for (const name of ['classlabels_strings', 'classlabels_int64s', 'classlabels_ints']) {
    const labels = attributes.get(name);
    if (Array.isArray(labels) && labels.length > 0) return labels as readonly (string | number)[];
  }
  return undefined;
}
