import { mixes, runsAlong } from '../stop.ts';
import { each, type Rules } from '../step.ts';
import { hasRows } from '../tracked.ts';
import { broadcast } from './elementwise.ts';

/** Operators of com.microsoft, which ONNX Runtime's own optimiser writes. */
export const CONTRIBUTED: Rules = {
  ...each('BiasGelu FastGelu Gelu QuickGelu', (step) => broadcast(step.tensors())),
  SkipLayerNormalization: (step) => {
    for (const index of [2, 3, 4]) step.constant(index);
    const sum = broadcast([step.ranked(0), step.ranked(1)]);
    if (hasRows(sum) && sum.axis === sum.shape.length - 1) runsAlong(sum.axis);
    return sum;
  },
  ...each('DynamicQuantizeMatMul DynamicQuantizeLSTM', (step) => {
    step.pass(0);
    return mixes('takes the range of the whole tensor, of all rows');
  }),
};
