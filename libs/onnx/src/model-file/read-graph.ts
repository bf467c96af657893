import type { FieldReader } from './field-reader.ts';
import type { Attribute, Graph, Node, StoredTensor, Value } from './model-file.ts';
import { domainOf } from './read-entry.ts';
import { readSparseTensor, readTensor } from './read-tensor.ts';
import { readValue } from './read-value.ts';

/** Longer lists are weights, such as those of a forest, and not kept. */
const MAX_LIST = 1024;
/** Labels of classes are no weights. */
const MAX_LABELS = 65_536;

/** GraphProto */
export function readGraph(reader: FieldReader): Graph {
  let name = '';
  const nodes: Node[] = [];
  const initializers: StoredTensor[] = [];
  const inputs: Value[] = [];
  const outputs: Value[] = [];
  const values: Value[] = [];
  reader.fields({
    1: () => nodes.push(readNode(reader)),
    2: () => (name = reader.text()),
    5: () => initializers.push(readTensor(reader)),
    11: () => inputs.push(readValue(reader)),
    12: () => outputs.push(readValue(reader)),
    13: () => values.push(readValue(reader)),
    15: () => initializers.push(readSparseTensor(reader)),
  });
  return { name, nodes, inputs, outputs, values, initializers };
}

/** NodeProto */
export function readNode(reader: FieldReader): Node {
  let name = '';
  let operator = '';
  let domain = '';
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, Attribute>();
  reader.fields({
    1: () => inputs.push(reader.text()),
    2: () => outputs.push(reader.text()),
    3: () => (name = reader.text()),
    4: () => (operator = reader.text()),
    5: () => attributes.set(...readAttribute(reader)),
    7: () => (domain = reader.text()),
  });
  return { name, operator, domain: domainOf(domain), inputs, outputs, attributes };
}

/** AttributeProto. Its one value is told by the field that holds it. */
function readAttribute(reader: FieldReader): [name: string, value: Attribute] {
  let name = '';
  let value: Attribute | undefined;
  const list: (number | string)[] = [];
  const graphs: Graph[] = [];
  let type = 0;
  const most = (): number => (name.startsWith('classlabels_') ? MAX_LABELS : MAX_LIST);
  const append = (...items: readonly (number | string)[]): void => {
    list.push(...items);
    if (list.length <= most() || name === '') return;
    value = { omitted: true };
    reader.leave();
  };
  reader.fields({
    1: () => (name = reader.text()),
    2: () => (value = reader.float()),
    3: () => (value = reader.integer()),
    4: () => (value = reader.text()),
    5: () => (value = readTensor(reader)),
    6: () => (value = readGraph(reader)),
    7: () => append(...reader.floats(MAX_LIST)),
    8: () => append(...reader.integers(most())),
    9: () => append(reader.text()),
    11: () => graphs.push(readGraph(reader)),
    20: () => (type = reader.integer()),
    21: () => (value = { reference: reader.text() }),
  });
  if (value === undefined && graphs.length > 0) value = graphs;
  return [name, value ?? emptyOr(list, type)];
}

/** Types of AttributeProto whose empty value leaves no field behind. */
const ZERO = [1, 2];
const EMPTY_TEXT = 3;
const LISTS = [6, 7, 8];

function emptyOr(list: readonly (number | string)[], type: number): Attribute {
  if (list.length > 0 || LISTS.includes(type)) return list;
  if (ZERO.includes(type)) return 0;
  return type === EMPTY_TEXT ? '' : { omitted: true };
}
