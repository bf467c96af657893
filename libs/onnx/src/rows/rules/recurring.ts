import { exactly, type Size } from '../size.ts';
import { mixes, unknown } from '../stop.ts';
import { each, type Rules, type Step } from '../step.ts';
import { hasRows, tensorOf, type Tracked } from '../tracked.ts';

/** Operators that go along a dimension of time and keep a state. */
export const RECURRING: Rules = each('LSTM GRU RNN', recur);

/** With layout 0 time comes first and the rows second, with layout 1 the other way round. */
function recur(step: Step): readonly Tracked[] {
  const input = step.ranked(0);
  const rowsFirst = step.int('layout', 0) === 1;
  const [rowsAt, timeAt] = rowsFirst ? [0, 1] : [1, 0];
  if (!hasRows(input)) return unknown('starts from a constant');
  if (input.axis === timeAt) mixes(`runs along dimension ${timeAt}, which is time`);
  if (input.axis !== rowsAt) mixes(`runs along dimension ${input.axis}`);
  for (const index of [1, 2, 3, 7]) step.constant(index);
  requireRows(step, 4, 0);
  for (const index of [5, 6]) requireRows(step, index, rowsAt);
  const directions = exactly(step.text('direction') === 'bidirectional' ? 2 : 1);
  const hidden = step.int('hidden_size');
  const size: Size = hidden === undefined ? undefined : exactly(hidden);
  const time = input.shape[timeAt];
  const last = rowsFirst ? tensorOf(0, [undefined, directions, size]) : tensorOf(1, [directions, undefined, size]);
  const all = rowsFirst
    ? tensorOf(0, [undefined, time, directions, size])
    : tensorOf(2, [time, directions, undefined, size]);
  return [all, last, last].slice(0, step.node.outputs.length);
}

/** Lengths and states to start from are one for each row, where they are there. */
function requireRows(step: Step, index: number, axis: number): void {
  if (step.has(index) && step.tensor(index).axis !== axis) unknown('starts from a state that is not that of the rows');
}
