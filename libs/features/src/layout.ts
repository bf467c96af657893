import { clip, NestorError } from '#errors';
import { allocate, type Datatype, noTensors, type Signature, type Tensor, type Tensors } from '#tensor';
import { Block } from './block.ts';
import { Column, type Field } from './column.ts';
import { elementOf } from './element-of.ts';
import type { Feature, LengthOf } from './feature.ts';
import { describe, Findings, type Warning } from './findings.ts';
import { Comparisons, NearNames } from './near-names.ts';
import { mayHaveRows } from './row-dimension.ts';
import type { RowReaderOptions } from './rows.ts';
import type { NamedColumns } from './unnamed-columns.ts';

/** An input that scalar features feed: as one column, or as several side by side. */
interface ColumnInput {
  readonly slot: number;
  readonly datatype: Datatype;
  readonly columns: number;
  /** 0 for the scalar input of a model whose inputs have no row dimension. */
  readonly rank: number;
}

/** Where each feature's values go in a model's inputs, computed once per model. */
export class Layout {
  readonly features: readonly Feature[];
  readonly columns: readonly Column[];
  readonly blocks: readonly Block[];
  readonly fields: ReadonlyMap<string, Field>;
  /** Whether a request may hold several rows. */
  readonly hasRows: boolean;
  readonly #warning: Warning | undefined;
  readonly #mostRows: number;
  readonly #inOrder: readonly Block[];
  readonly #names: readonly string[];
  readonly #columnInputs: readonly ColumnInput[];
  readonly #lowerNames: ReadonlySet<string>;
  #nearNames: NearNames | undefined;

  /**
   * @param unnamed the limits and the warning for rows whose columns are features by position
   */
  constructor(
    features: readonly Feature[],
    signature: Signature,
    { hasRows = mayHaveRows(signature), emptyDimensions: empty = false }: Omit<RowReaderOptions, 'maxRows'>,
    unnamed?: Pick<NamedColumns, 'warning' | 'mostRows'>,
  ) {
    this.features = features;
    this.hasRows = hasRows;
    this.#warning = unnamed?.warning;
    this.#mostRows = unnamed?.mostRows ?? Infinity;
    this.#names = signature.inputs.map(({ name }) => name);
    const columns = new Map<Feature, Column>();
    const blocks: Block[] = [];
    const columnInputs: ColumnInput[] = [];
    for (const [slot, { name, datatype, shape }] of signature.inputs.entries()) {
      const feeding = features.filter(({ input }) => input === name);
      if (feeding.length === 1 && feeding[0]!.shape.length > 0) {
        const lists = { hasRows, empty };
        blocks.push(new Block(feeding[0]!, slot, elementOf(feeding[0]!, datatype), datatype, lists));
        continue;
      }
      columnInputs.push({ slot, datatype, columns: feeding.length, rank: shape.length });
      for (const [offset, feature] of feeding.entries()) {
        columns.set(feature, new Column(feature, { slot, datatype, offset, stride: feeding.length }));
      }
    }
    // In the order of the features, which is that of the findings.
    this.columns = features.flatMap((feature) => columns.get(feature) ?? []);
    this.blocks = blocks;
    this.#inOrder = [...blocks].sort((one, other) => Number(one.hasDefault) - Number(other.hasDefault));
    this.fields = new Map<string, Field>([...this.columns, ...blocks].map((field) => [field.name, field]));
    this.#columnInputs = columnInputs;
    this.#lowerNames = new Set(features.map(({ name }) => name.toLowerCase()));
  }

  /** Whether a name is a feature's, or differs from one only in case and spaces, which is an error to report. */
  isMeant(name: string): boolean {
    return this.#lowerNames.has(name.trim().toLowerCase());
  }

  /** The findings in the rows of a request. */
  findings(): Findings {
    return new Findings(this.#warning);
  }

  /**
   * Storage for the columns of so many rows; the places of the blocks are still empty.
   *
   * @throws NestorError TOO_MANY_ROWS if the table alone sets the number of columns, and it has too many values
   */
  allocate(rows: number): Tensor[] {
    if (rows > this.#mostRows)
      throw new NestorError(
        'TOO_MANY_ROWS',
        `There are ${rows} rows of ${this.columns.length} columns: send at most ${this.#mostRows} at once.`,
      );
    const tensors = new Array<Tensor>(this.#names.length);
    for (const { slot, datatype, columns, rank } of this.#columnInputs) {
      const shape = rank === 0 ? [] : rank === 1 ? [rows] : [rows, columns];
      tensors[slot] = { datatype, shape, data: allocate(datatype, rows * columns) };
    }
    return tensors;
  }

  /**
   * Reads the features that are tensors, beginning with those from which defaults take their lengths.
   *
   * @param valuesOf a feature's value in each row; undefined for a row without one
   */
  readBlocks(tensors: Tensor[], valuesOf: (block: Block) => readonly unknown[], findings: Findings): void {
    const lengthOf = ({ feature, dimension }: LengthOf): number => {
      const slot = this.fields.get(feature)?.slot;
      const tensor = slot === undefined ? undefined : tensors[slot];
      // If that feature has an issue, it has no tensor.
      return tensor?.shape[dimension + (this.hasRows ? 1 : 0)] ?? 0;
    };
    for (const block of this.#inOrder) tensors[block.slot] = block.read(valuesOf(block), lengthOf, findings)!;
  }

  /** Fills tensor features that no row has with their defaults. */
  fillBlocks(tensors: Tensor[], rows: number, findings: Findings): void {
    if (this.blocks.length > 0) this.readBlocks(tensors, () => new Array<undefined>(rows).fill(undefined), findings);
  }

  /** The names among those of a table or a record that are no feature's, nor nearly that of a feature without a value. */
  unused(names: readonly string[]): readonly string[] {
    const unknown = names.filter((name) => !this.isMeant(name));
    const given = new Set(names);
    if (unknown.length === 0 || this.features.every(({ name }) => given.has(name))) return unknown;
    const comparisons = new Comparisons();
    return unknown.filter((name) => this.#near.nearest(name, given, comparisons) === undefined);
  }

  /** Notes the names of a table or a record that are no feature's, with the feature that each probably means. */
  reportUnknown(names: readonly unknown[], row: number | undefined, findings: Findings): void {
    const unknown = names.filter((name) => typeof name !== 'string' || !this.fields.has(name));
    if (unknown.length === 0) return;
    const given = new Set(names);
    for (const name of unknown) {
      if (typeof name !== 'string') findings.issue(row, describe(name), 'is not the name of a feature');
      else findings.issue(row, clip(name), findings.listing ? this.#unlike(name, given, findings) : '');
    }
  }

  #unlike(name: string, given: ReadonlySet<unknown>, { comparisons }: Findings): string {
    const meant = this.#near.nearest(name, given, comparisons) ?? this.#near.alike(name);
    return `is not a feature of this model${meant === undefined ? '' : `; did you mean ${meant}?`}`;
  }

  /** Made for the first unknown name: most requests have none. */
  get #near(): NearNames {
    return (this.#nearNames ??= new NearNames(this.features.map(({ name }) => name)));
  }

  /** The tensors by the names of their inputs. */
  inputs(tensors: readonly Tensor[]): Tensors {
    const inputs = noTensors();
    for (let slot = 0; slot < this.#names.length; slot += 1) inputs[this.#names[slot]!] = tensors[slot]!;
    return inputs;
  }
}
