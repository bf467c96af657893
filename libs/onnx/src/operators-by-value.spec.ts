import { describe, expect, it } from '@jest/globals';
import type { Graph } from './model-file/model-file.ts';
import { ELEMENT } from './model-file/model-file.ts';
import { operatorsByValue } from './operators-by-value.ts';
import { integers, modelOf, node, type Sketch } from './testing/graphs.fixture.ts';

const X = { x: ['n', 4] };
const COUNT = { count: { shape: [], elementType: ELEMENT.INT64 } };
const body = (nodes: Graph['nodes']): Graph => ({
  ...{ name: 'body', nodes, initializers: [], values: [] },
  inputs: [{ name: 'inner', kind: 'tensor', elementType: ELEMENT.INT64, shape: [] }],
  outputs: [{ name: 'end', kind: 'unknown' }],
});

describe('operatorsByValue', () => {
  it.each<[string, Sketch, readonly string[]]>([
    ['a Range to an input', { inputs: COUNT, nodes: [node('Range', 'zero count one')] }, ['Range']],
    [
      'a Tile by what is worked out of an input',
      { inputs: COUNT, nodes: [node('Reshape', 'count list', 'times'), node('Tile', 'table times')] },
      ['Tile'],
    ],
    [
      'a DFT along an axis that is an input',
      { inputs: { ...X, ...COUNT }, nodes: [node('DFT', 'x _ count')] },
      ['DFT'],
    ],
    ['any Loop', { inputs: X, nodes: [node('Loop', 'most _ x', 'y', { body: body([]) })] }, ['Loop']],
    [
      'an operator in a body, by what changes in it',
      { inputs: X, nodes: [node('Scan', 'x', 'y', { body: body([node('ConstantOfShape', 'inner', 'end')]) })] },
      ['ConstantOfShape'],
    ],
    [
      'an operator in a body, by what the body reads from around it',
      {
        inputs: { ...X, ...COUNT },
        nodes: [node('If', 'yes', 'y', { then_branch: body([node('Range', 'zero count one', 'end')]) })],
      },
      ['Range'],
    ],
    [
      'none where a shape says how much there is',
      { inputs: X, nodes: [node('Shape', 'x', 'shape'), node('Expand', 'one shape')] },
      [],
    ],
    ['none where a constant does', { inputs: X, nodes: [node('Tile', 'x times')] }, []],
    [
      'none of another set with the same name',
      { inputs: COUNT, nodes: [node('Range', 'zero count one', 'y', {}, 'own.set')] },
      [],
    ],
  ])('names %s', (_, sketch, expected) => {
    const constants = [integers('zero', 0), integers('one', 1), integers('times', [2, 2]), integers('most', 3)];
    expect(operatorsByValue(modelOf({ ...sketch, constants }))).toEqual(expected);
  });

  it('names those of the functions that the file defines', () => {
    const own = { domain: 'own', opsets: {}, inputs: ['n'], outputs: ['r'] };
    const functions = [{ ...own, name: 'Count', nodes: [node('Range', 'zero n one', 'r')] }];
    const model = modelOf({ inputs: COUNT, nodes: [node('Count', 'count', 'y', {}, 'own')], functions });
    expect(operatorsByValue(model)).toEqual(['Range']);
  });
});
