import { ELEMENT } from '../../model-file/model-file.ts';
import { integers, node } from '../../testing/graphs.fixture.ts';
import { describeRules } from '../../testing/rules.fixture.ts';

const x = ['N', 3];
const ml = (operator: string, inputs: string, outputs = 'y', attributes: Parameters<typeof node>[3] = {}) =>
  node(operator, inputs, outputs, attributes, 'ai.onnx.ml');
const words = { shape: ['N', 2], elementType: ELEMENT.STRING };

describeRules('operators for tables', [
  [
    'Scaler',
    { inputs: { x }, nodes: [ml('Scaler', 'x', 'y', { offset: [0.5, 1.5, 2.5], scale: [1.5, 2.5, 0.5] })] },
    'independent',
  ],
  ['Normalizer', { inputs: { x }, nodes: [ml('Normalizer', 'x', 'y', { norm: 'L2' })] }, 'independent'],
  [
    'Normalizer of a vector',
    { inputs: { x: ['N'] }, nodes: [ml('Normalizer', 'x', 'y', { norm: 'L2' })] },
    'mixes: Normalizer (of "y") takes a vector for the columns of one row',
  ],
  [
    'Scaler of rows that lie across',
    {
      inputs: { x },
      nodes: [
        node('Transpose', 'x', 't'),
        ml('Scaler', 't', 's', { offset: [0.5, 1.5, 2.5], scale: [1.5, 2.5, 0.5] }),
        node('Transpose', 's'),
      ],
    },
    'unknown: Scaler (of "s") works along dimension 1',
  ],
  [
    'LinearRegressor',
    {
      inputs: { x },
      nodes: [ml('LinearRegressor', 'x', 'y', { coefficients: [0.5, 1.5, 2.5], intercepts: [0.5], targets: 1 })],
    },
    'independent',
  ],
  [
    'a forest',
    {
      inputs: { x },
      nodes: [
        ml('TreeEnsembleRegressor', 'x', 'y', {
          n_targets: 1,
          ...{ nodes_treeids: [0, 0, 0], nodes_nodeids: [0, 1, 2], nodes_featureids: [1, 0, 0] },
          ...{ nodes_modes: ['BRANCH_LEQ', 'LEAF', 'LEAF'], nodes_values: [0.5, 0.25, 0.25] },
          ...{ nodes_truenodeids: [1, 0, 0], nodes_falsenodeids: [2, 0, 0] },
          ...{ target_treeids: [0, 0], target_nodeids: [1, 2], target_ids: [0, 0], target_weights: [1.5, 2.5] },
        }),
      ],
    },
    'independent',
  ],
  [
    'columns of a table',
    { inputs: { x }, nodes: [ml('ArrayFeatureExtractor', 'x i')], constants: [integers('i', [2, 0])] },
    'independent',
  ],
  [
    'labels by their place, as skl2onnx writes it',
    {
      inputs: { x },
      nodes: [
        ...[node('ArgMax', 'x', 'a', { axis: 1 }), ml('ArrayFeatureExtractor', 'labels a', 'l')],
        node('Reshape', 'l minus'),
      ],
      constants: [integers('labels', [10, 20, 30]), integers('minus', [-1])],
    },
    'independent',
  ],
  [
    'columns joined',
    {
      inputs: { x, b: ['N', 1] },
      nodes: [ml('FeatureVectorizer', 'x b', 'y', { inputdimensions: [3, 1] })],
    },
    'independent',
  ],
]);

describeRules('operators for words', [
  [
    'a count of words',
    {
      inputs: { words: { shape: ['N', 2], elementType: ELEMENT.INT64 } },
      nodes: [
        node('TfIdfVectorizer', 'words', 'y', {
          ...{ mode: 'TF', min_gram_length: 1, max_gram_length: 1, max_skip_count: 0 },
          ...{ ngram_counts: [0], ngram_indexes: [0, 1], pool_int64s: [0, 1] },
        }),
      ],
    },
    'independent',
  ],
  ['parts', { inputs: { words }, nodes: [node('StringSplit', 'words', 'y n')], opset: 20 }, 'mixes: StringSplit'],
  [
    'words that are left out',
    { inputs: { words }, nodes: [node('StringNormalizer', 'words', 'y', { stopwords: ['and'] })] },
    'unknown: StringNormalizer (of "y") leaves elements out',
  ],
]);
