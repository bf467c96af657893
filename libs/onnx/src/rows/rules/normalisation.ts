import { ONE } from '../size.ts';
import { mixes, runsAlong, unknown } from '../stop.ts';
import { fromFront, type Rules, type Step } from '../step.ts';
import { hasRows, isConstant, tensorOf, type Tracked } from '../tracked.ts';
import { requireAligned, unary } from './elementwise.ts';

/** Operators that subtract a mean and divide by a deviation. */
export const NORMALISING: Rules = {
  BatchNormalization: batchNormalization,
  InstanceNormalization: ofImages,
  GroupNormalization: ofImages,
  LRN: ofImages,
  LayerNormalization: layerNormalization,
  RMSNormalization: layerNormalization,
  MeanVarianceNormalization: (step) => {
    const input = step.ranked(0);
    const axes = (step.ints('axes') ?? [0, 2, 3]).map((axis) => fromFront(axis, input.shape.length));
    if (input.axis !== undefined && axes.includes(input.axis)) runsAlong(input.axis);
    return unary(input);
  },
};

/** By statistics of training, or by those of the batch, where it is trained. */
function batchNormalization(step: Step): Tracked {
  const isTraining = step.int('training_mode', 0) !== 0 || step.node.outputs.slice(1).some((name) => name !== '');
  if (isTraining) mixes('is in training mode: it takes mean and deviation of all rows');
  for (const index of [1, 2, 3, 4]) step.constant(index);
  return unary(step.along(0, 0));
}

/** Of the layout [rows, channels, …]: what each row is normalised by is its own. */
function ofImages(step: Step): Tracked {
  const input = step.along(0, 0);
  if (input.shape.length < 2) unknown('normalises a tensor of one dimension');
  step.constant(1);
  step.constant(2);
  return unary(input);
}

/** Over all dimensions from the axis on. */
function layerNormalization(step: Step): readonly Tracked[] {
  const input = step.ranked(0);
  const { axis, shape } = input;
  const first = fromFront(step.int('axis', -1), shape.length);
  if (axis !== undefined && axis >= first) runsAlong(axis);
  for (const index of [1, 2]) {
    const scale = step.aside(index);
    if (scale === undefined) continue;
    if (!isConstant(scale)) unknown('takes a parameter from the rows');
    if (!hasRows(input)) continue;
    if (scale.shape === undefined) unknown('scales rows by a tensor whose rank is not known');
    requireAligned(scale, input.axis, shape.length);
  }
  const statistics = tensorOf(
    axis,
    shape.map((size, at) => (at < first ? size : ONE)),
  );
  return [unary(input), statistics, statistics];
}
