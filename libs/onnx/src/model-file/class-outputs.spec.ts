import { describe, expect, test } from '@jest/globals';
import { readSource } from '#onnx';
import { testModel } from '../../../../test/models/test-models.ts';
import { classOutputs } from './class-outputs.ts';
import { ELEMENT, type ModelFile, type Node } from './model-file.ts';

const node = (operator: string, inputs: string[], outputs: string[], attributes = {}): Node => ({
  ...{ name: '', operator, domain: 'ai.onnx', inputs, outputs },
  attributes: new Map(Object.entries(attributes)),
});

/** What is said of the output `y` of a graph of these nodes. */
function said(...nodes: Node[]) {
  const outputs = [{ name: 'y', kind: 'tensor', elementType: ELEMENT.FLOAT, shape: ['N', 2] }] as const;
  const graph = { name: '', nodes, inputs: [], outputs, values: [], initializers: [] };
  return classOutputs({ opsets: {}, metadata: {}, functions: [], graph } satisfies ModelFile).get('y');
}

describe('what the end of a graph says of its output', () => {
  test.each<[string, object | undefined, Node[]]>([
    ['Softmax', { probabilities: 'classes' }, [node('Softmax', ['x'], ['y'])]],
    ['Softmax and a Cast', { probabilities: 'classes' }, [node('Softmax', ['x'], ['p']), node('Cast', ['p'], ['y'])]],
    ['Softmax over the rows', undefined, [node('Softmax', ['x'], ['y'], { axis: 0 })]],
    ['Sigmoid', { probabilities: 'each' }, [node('Sigmoid', ['x'], ['y'])]],
    ['LogSoftmax', undefined, [node('LogSoftmax', ['x'], ['y'])]],
    ['a sum after Softmax', undefined, [node('Softmax', ['x'], ['p']), node('Add', ['p', 'p'], ['y'])]],
    ['a matrix', undefined, [node('Gemm', ['x', 'w'], ['y'])]],
    [
      'a classifier with a transformation',
      { probabilities: 'classes', labels: [3, 7] },
      [node('TreeEnsembleClassifier', ['x'], ['l', 'y'], { post_transform: 'LOGISTIC', classlabels_int64s: [3, 7] })],
    ],
    [
      'a classifier without one',
      { labels: ['a', 'b'] },
      [node('LinearClassifier', ['x'], ['l', 'y'], { post_transform: 'NONE', classlabels_strings: ['a', 'b'] })],
    ],
    [
      "a support vector machine with Platt's probabilities",
      { probabilities: 'classes', labels: [0, 1] },
      [node('SVMClassifier', ['x'], ['l', 'y'], { prob_a: [-1.5], classlabels_ints: [0, 1] })],
    ],
    ["a classifier's label", undefined, [node('LinearClassifier', ['x'], ['y', 'p'], { classlabels_ints: [0, 1] })]],
  ])('%s', (_, expected, nodes) => {
    expect(said(...nodes)).toEqual(expected);
  });

  test("of scikit-learn's exports, with and without ZipMap", async () => {
    const labels = ['setosa', 'versicolor', 'virginica'];
    const of = async (name: string) => [...classOutputs((await readSource(testModel(name))).file).values()];
    expect(await of('sklearn-classifier')).toEqual([{ labels, probabilities: 'classes' }]);
    expect(await of('sklearn-zipmap')).toEqual([{ labels, probabilities: 'classes' }]);
  });
});
