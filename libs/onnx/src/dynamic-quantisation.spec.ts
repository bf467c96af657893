import { expect, it } from '@jest/globals';
import { dynamicQuantisation } from './dynamic-quantisation.ts';
import { modelOf, node, type Sketch } from './testing/graphs.fixture.ts';

const inputs = { x: ['N', 4] };
const quantised = node('DynamicQuantizeLinear', 'x', 'q s z');
const { graph: body } = modelOf({ inputs: {}, nodes: [quantised] });

it.each<[string, Sketch, readonly string[]]>([
  ['in the graph, each operator once', { inputs, nodes: [quantised, quantised] }, ['DynamicQuantizeLinear']],
  ['in the body of an If', { inputs, nodes: [node('If', 'x', 'y', { then_branch: body })] }, ['DynamicQuantizeLinear']],
  [
    "with ONNX Runtime's own operators",
    { inputs, nodes: [node('DynamicQuantizeMatMul', 'x w', 'y', {}, 'com.microsoft')] },
    ['DynamicQuantizeMatMul'],
  ],
  ['not where scales are fixed', { inputs, nodes: [node('QuantizeLinear', 'x s z')] }, []],
])('is found %s', (_, sketch, operators) => {
  expect(dynamicQuantisation(modelOf(sketch))).toEqual(operators);
});
