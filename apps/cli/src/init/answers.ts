import type { ModelVersion } from '#engine';
import type { Manifest } from '#models';
import type { TensorSpec } from '#tensor';
import type { ColumnSummary } from './column.ts';

type Labels = readonly (string | number)[];

/** A model's task: classification, regression (one number per row of a table), or tensors for everything else. */
export function taskOf({
  writer,
  signature,
}: Pick<ModelVersion, 'writer' | 'signature'>): NonNullable<Manifest['task']> {
  const { prediction } = writer.choice;
  if (writer.classifies || prediction?.spec.datatype === 'BYTES') return 'classification';
  const isTable = [...signature.inputs, ...signature.outputs].every(({ shape }) => shape.length <= 2);
  const isNumber = prediction !== undefined && prediction.spec.datatype.startsWith('FP') && isOneValue(prediction.spec);
  return isTable && isNumber ? 'regression' : 'tensor';
}

const isOneValue = ({ shape }: TensorSpec): boolean => shape.length === 1 || (shape.length === 2 && shape[1] === 1);

/** A classifier's labels: those of the model file, unless they are only numbers from 0; otherwise those of the data. */
export function labelsOf(
  { writer }: Pick<ModelVersion, 'writer'>,
  target: ColumnSummary | undefined,
): Labels | undefined {
  const { labels, classes, classifies } = writer;
  if (labels?.some((label, index) => label !== index) === true) return labels;
  const values = target?.values as Labels | undefined;
  return classifies && values !== undefined && values.length === classes?.length ? values : undefined;
}
