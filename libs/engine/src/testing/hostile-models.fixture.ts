import type { Graph } from '../../../onnx/src/model-file/model-file.ts';
import { ELEMENT } from '../../../onnx/src/model-file/model-file.ts';
import { integers, modelOf, node } from '../../../onnx/src/testing/graphs.fixture.ts';
import { modelBytes } from '../../../onnx/src/testing/model-bytes.fixture.ts';

/** Crashes the process with any input: its own empty tensor reaches TopK, which divides by zero. */
export const DEADLY = modelBytes(
  modelOf({
    inputs: { x: ['n', 3, 2, 4] },
    nodes: [node('Slice', 'x zero zero axis', 'nothing'), node('TopK', 'nothing k', 'y at')],
    constants: [integers('zero', [0]), integers('axis', [2]), integers('k', [1])],
  }),
);

const turn: Graph = {
  ...{
    name: 'turn',
    initializers: [],
    values: [],
    nodes: [node('Identity', 'going', 'on'), node('Relu', 'value', 'next')],
  },
  inputs: [
    { name: 'turns', kind: 'tensor', elementType: ELEMENT.INT64, shape: [] },
    { name: 'going', kind: 'tensor', elementType: ELEMENT.BOOL, shape: [] },
    { name: 'value', kind: 'tensor', elementType: ELEMENT.FLOAT, shape: [undefined, 4] },
  ],
  outputs: [
    { name: 'on', kind: 'tensor', elementType: ELEMENT.BOOL, shape: [] },
    { name: 'next', kind: 'tensor', elementType: ELEMENT.FLOAT, shape: [undefined, 4] },
  ],
};

/** Its Loop never ends. */
export const ENDLESS = modelBytes(
  modelOf({
    inputs: { x: ['n', 4] },
    nodes: [node('Loop', '_ yes x', 'y', { body: turn })],
    constants: [{ name: 'yes', elementType: ELEMENT.BOOL, shape: [], numbers: [1] }],
  }),
);
