import { exactly, numberOf, product, type Size } from '../size.ts';
import { mixes, unknown } from '../stop.ts';
import { each, type Rules, type Step } from '../step.ts';
import { hasRows, tensorOf, type Tracked } from '../tracked.ts';
import { unary } from './elementwise.ts';

/** Operators of ai.onnx.ml, for tables: [rows, columns]. */
export const OF_TABLES: Rules = {
  ...each('Scaler Imputer Normalizer', (step) => unary(tableOf(step))),
  ...each('Binarizer LabelEncoder CategoryMapper', (step) => unary(step.tensor(0))),
  ...each('LinearRegressor SVMRegressor TreeEnsembleRegressor TreeEnsemble', (step) => {
    const { axis, shape } = tableOf(step);
    const targets = step.int('n_targets') ?? step.int('targets');
    return tensorOf(axis, [shape[0], targets === undefined ? undefined : exactly(targets)]);
  }),
  ...each('LinearClassifier SVMClassifier TreeEnsembleClassifier', (step) => {
    const { axis, shape } = tableOf(step);
    return [tensorOf(axis, [shape[0]]), tensorOf(axis, [shape[0], undefined])];
  }),
  OneHotEncoder: (step) => {
    const { axis, shape } = step.ranked(0);
    const categories = step.lengthOf('cats_int64s') ?? step.lengthOf('cats_strings');
    return tensorOf(axis, [...shape, categories === undefined ? undefined : exactly(categories)]);
  },
  FeatureVectorizer: (step) => {
    const tables = Array.from({ length: step.inputCount }, (_, index) => tableOf(step, index));
    const { axis, shape } = tables[0]!;
    if (tables.some((table) => table.axis !== axis)) unknown('joins rows and a constant');
    return tensorOf(axis, [shape[0], undefined]);
  },
  ArrayFeatureExtractor: extract,
};

/** Operators of text in the standard set. */
export const OF_TEXT: Rules = {
  TfIdfVectorizer: (step) => {
    const { axis, shape } = tableOf(step);
    return tensorOf(axis, [shape[0], undefined]);
  },
  StringNormalizer: (step) => {
    const stops = step.lengthOf('stopwords') ?? (step.node.attributes.has('stopwords') ? Infinity : 0);
    if (stops > 0) unknown('leaves elements out');
    return unary(step.tensor(0));
  },
  StringSplit: (step) => {
    if (hasRows(step.tensor(0))) mixes('splits all rows into as many parts as the longest has');
    return unknown('splits into as many parts as there are');
  },
};

type Table = Tracked & { readonly shape: readonly Size[] };

/** A table; a vector counts as a table of one row, with its elements as columns. */
function tableOf(step: Step, index = 0): Table {
  const table = step.along(0, index);
  if (table.shape.length === 2) return table;
  return hasRows(table) && table.shape.length === 1
    ? mixes('takes a vector for the columns of one row')
    : unknown('takes a tensor that is no table');
}

/** Columns of each row that a constant names; or labels that each row names, which come in a table of one row. */
function extract(step: Step): Tracked {
  const data = step.ranked(0);
  const places = step.ranked(1);
  const rank = data.shape.length;
  if (hasRows(places)) {
    const others = places.shape.filter((size, at) => at !== places.axis && numberOf(size) !== 1);
    if (hasRows(data) || rank !== 1 || others.length > 0) unknown('takes places from the rows');
    return tensorOf(1, [exactly(1), undefined]);
  }
  if (data.axis === rank - 1) mixes(`takes rows by their place along dimension ${data.axis}`);
  const count = numberOf(product(places.shape));
  const size = count === undefined ? undefined : exactly(count);
  return tensorOf(data.axis, rank === 1 ? [exactly(1), size] : [...data.shape.slice(0, -1), size]);
}
