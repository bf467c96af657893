import type { Attribute, Graph, Node, StoredTensor } from '../model-file/model-file.ts';
import { numberOf, type Size } from './size.ts';
import { unknown } from './stop.ts';
import { type Element, hasRows, isConstant, type Tracked } from './tracked.ts';

/**
 * A node with what is known of its inputs, for the rule of its operator. A rule asks for each input as what it takes it
 * for; inputs that it did not ask for must be constants, which `checkUnasked` sees to.
 */
export class Step {
  readonly node: Node;
  /** The version of the node's operator set. */
  readonly opset: number;
  readonly #inputs: readonly (Tracked | undefined)[];
  readonly #asked = new Set<number>();
  /** Inputs whose values go into the outputs. */
  readonly #data = new Set<Tracked>();
  /** Inputs that affect the outputs by something else, such as their shape. */
  readonly #asides = new Set<Tracked>();

  constructor(node: Node, inputs: readonly (Tracked | undefined)[], opset: number) {
    this.node = node;
    this.#inputs = inputs;
    this.opset = opset;
  }

  get inputCount(): number {
    return this.#inputs.length;
  }

  has(index: number): boolean {
    return this.#inputs[index] !== undefined;
  }

  /** An input whose values go into the outputs. */
  tensor(index: number): Tracked {
    const input = this.#ask(index) ?? unknown(`lacks its input ${index}`);
    this.#data.add(input);
    return input;
  }

  /** All inputs that are present. */
  tensors(): Tracked[] {
    return this.#inputs.flatMap((input, index) => (input === undefined ? [] : [this.tensor(index)]));
  }

  /** An input with its rank. */
  ranked(index: number): Tracked & { readonly shape: readonly Size[] } {
    const { shape, ...input } = this.tensor(index);
    return { ...input, shape: shape ?? unknown('works on a tensor whose rank is not known') };
  }

  /** An input of which at most the type matters. */
  pass(index: number): void {
    this.#ask(index);
  }

  /** An input that affects the outputs by something other than its values, such as its shape. */
  aside(index: number): Tracked | undefined {
    const input = this.#ask(index);
    if (input !== undefined) this.#asides.add(input);
    return input;
  }

  /** An input with the rows along `axis`, or no rows at all. */
  along(axis: number, index: number): Tracked & { readonly shape: readonly Size[] } {
    const input = this.ranked(index);
    if (input.axis !== undefined && input.axis !== axis) unknown(`works along dimension ${input.axis}`);
    return input;
  }

  /** A parameter that must be the same in every run; undefined where it is left out. */
  constant(index: number): Tracked | undefined {
    const input = this.#ask(index);
    if (input !== undefined && !isConstant(input)) this.#refuse(input);
    return input;
  }

  /** The numbers of a parameter, which may contain the number of rows; undefined where it is left out. */
  numbers(index: number): readonly Element[] | undefined {
    const input = this.#ask(index);
    if (input === undefined) return undefined;
    if (hasRows(input)) this.#refuse(input);
    return input.numbers ?? unknown('takes a parameter that is not known before the run');
  }

  /** The numbers of a parameter that must be the same in every run; undefined where it is left out. */
  integers(index: number): readonly number[] | undefined {
    const input = this.constant(index);
    if (input === undefined) return undefined;
    const numbers = input.numbers?.map((element) => (element === 'varies' ? undefined : numberOf(element)));
    if (numbers === undefined || numbers.includes(undefined))
      return unknown('takes a parameter that is not known before the run');
    return numbers as number[];
  }

  #refuse(input: Tracked): never {
    if (hasRows(input)) return unknown('takes a parameter from the rows');
    return unknown('takes a parameter that depends on the number of rows');
  }

  #ask(index: number): Tracked | undefined {
    this.#asked.add(index);
    return this.#inputs[index];
  }

  /** What the rule took as data. */
  get data(): Iterable<Tracked> {
    return this.#data;
  }

  /** What the rule took something else of than the values. */
  get asides(): Iterable<Tracked> {
    return this.#asides;
  }

  /** Throws where an input that the rule did not ask for is no constant. */
  checkUnasked(): void {
    for (const [index, input] of this.#inputs.entries()) {
      if (!this.#asked.has(index) && input !== undefined && !isConstant(input)) this.#refuse(input);
    }
  }

  int(name: string): number | undefined;
  int(name: string, otherwise: number): number;
  int(name: string, otherwise?: number): number | undefined {
    const value = this.#attribute(name);
    if (value === undefined) return otherwise;
    return typeof value === 'number' ? value : unknown(`has an attribute ${name} that is no number`);
  }

  text(name: string): string | undefined {
    const value = this.#attribute(name);
    if (value === undefined || typeof value === 'string') return value;
    return unknown(`has an attribute ${name} that is no text`);
  }

  ints(name: string): readonly number[] | undefined {
    const value = this.#attribute(name);
    if (value === undefined) return undefined;
    if (typeof value === 'number') return [value];
    if (!Array.isArray(value) || value.some((item) => typeof item !== 'number'))
      return unknown(`has an attribute ${name} that is no list of numbers`);
    return value as readonly number[];
  }

  tensorAttribute(name: string): StoredTensor | undefined {
    const value = this.#attribute(name);
    return typeof value === 'object' && 'elementType' in value ? value : undefined;
  }

  /** How many items a list has; undefined where it is left out, or too long to have been kept. */
  lengthOf(name: string): number | undefined {
    const value = this.node.attributes.get(name);
    return Array.isArray(value) ? value.length : undefined;
  }

  #attribute(name: string): Exclude<Attribute, Graph> | undefined {
    const value = this.node.attributes.get(name);
    if (typeof value === 'object' && ('omitted' in value || 'reference' in value || 'nodes' in value))
      return unknown(`has an attribute ${name} that cannot be read`);
    return value;
  }
}

/** A dimension counted from the front. */
export function fromFront(axis: number, rank: number): number {
  const front = axis < 0 ? axis + rank : axis;
  if (front < 0 || front >= rank) unknown(`names dimension ${axis} of ${rank}`);
  return front;
}

/** What a rule makes of a node: what is known of its outputs, in their order. Throws a Stop where rows end. */
export type Rule = (step: Step) => Tracked | readonly Tracked[];

/** Rules by the names of operators. */
export type Rules = Readonly<Record<string, Rule>>;

/** One rule for several operators. */
export function each(operators: string, rule: Rule): Rules {
  return Object.fromEntries(operators.split(/\s+/).map((operator) => [operator, rule]));
}
