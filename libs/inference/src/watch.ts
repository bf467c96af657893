import { elementCount, type Tensor, tensorOf, type Tensors, viewOf } from '#tensor';
import { disagreement, magnitudes } from './agreement.ts';
import type { Instance } from './instance.ts';

/** The share of the batches' run time that rows may take to run again alone. */
const SHARE = 0.01;
/** This many rows that disagree are not a coincidence. */
const ENOUGH = 2;
/** A row waits this long for an idle moment; then it takes the place of the next run. */
const PATIENCE_MS = 1000;

/** A row of a batch, and its answer there. */
interface Seen {
  readonly inputs: Tensors;
  readonly outputs: Tensors;
  /** The range of the batch's outputs at each place of a row. */
  readonly reaches: Readonly<Record<string, readonly number[]>>;
  readonly batchRows: number;
  readonly at: number;
}

/**
 * Runs some rows of batches again alone, after their answers were sent, and reports rows that disagree: for models whose rows
 * are independent by a test, not by the graph. It spends one percent of the model's run time, when nothing else runs. It does
 * not watch models that answer the same row differently each time.
 */
export class Watch {
  readonly #onMixing: (reason: string) => void;
  #budgetMs = 0;
  #turn = 0;
  #seen: Seen | undefined;
  #disagreements = 0;
  #over = false;

  /** @param onMixing called once, with the reason why rows seem to affect each other */
  constructor(onMixing: (reason: string) => void) {
    this.#onMixing = onMixing;
  }

  /** Looks at a finished batch; keeps one of its rows if the budget allows to run it. */
  saw(inputs: Tensors, outputs: Tensors, rows: number, ms: number, aloneMs: number, now: number): void {
    if (this.#over || rows < 2) return;
    this.#budgetMs += SHARE * ms;
    if (this.#seen !== undefined || this.#budgetMs < aloneMs) return;
    const row = this.#turn % rows;
    this.#turn += 1;
    const reaches = Object.fromEntries(
      Object.entries(outputs).map(([name, output]) => [
        name,
        magnitudes(Array.from({ length: rows }, (_, at) => rowOf(output, at))),
      ]),
    );
    this.#seen = { inputs: copyOf(inputs, row), outputs: copyOf(outputs, row), reaches, batchRows: rows, at: now };
  }

  /** An output of one request was not rows, so no output is. @param found a sentence */
  sawNoRows(found: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#onMixing(`While serving: ${found}`);
  }

  /** Whether to run a row now. @param idle whether nothing else would run */
  isDue(idle: boolean, now: number): boolean {
    return this.#seen !== undefined && (idle || this.#seen.at + PATIENCE_MS <= now);
  }

  /** Runs the kept row, and compares. Never rejects: a failure alone shows nothing. */
  async check(instance: Instance): Promise<void> {
    const seen = this.#seen!;
    this.#seen = undefined;
    const began = performance.now();
    try {
      const found = await difference(instance, seen);
      if (found !== undefined && (await this.#isRandom(instance, seen))) this.#over = true;
      else if (found !== undefined) this.#disagree(found);
    } catch {
      // The row ran in the batch, so the runtime lacks some resource; requests will report that.
    }
    this.#budgetMs -= performance.now() - began;
  }

  async #isRandom(instance: Instance, { inputs, outputs }: Seen): Promise<boolean> {
    const names = Object.keys(outputs);
    const [one, other] = [await instance.run(inputs, names), await instance.run(inputs, names)];
    const reaches = Object.fromEntries(names.map((name) => [name, magnitudes([one[name]!])]));
    return firstDifference(one, other, reaches) !== undefined;
  }

  #disagree(found: string): void {
    this.#disagreements += 1;
    if (this.#disagreements < ENOUGH) return;
    this.#over = true;
    this.#onMixing(found);
  }
}

async function difference(
  instance: Instance,
  { inputs, outputs, reaches, batchRows }: Seen,
): Promise<string | undefined> {
  const alone = await instance.run(inputs, Object.keys(outputs));
  const found = firstDifference(alone, outputs, reaches);
  return found === undefined
    ? undefined
    : `While serving, in a batch of ${batchRows} rows, a row of ${found}, as it is alone.`;
}

function firstDifference(
  alone: Tensors,
  together: Tensors,
  reaches: Readonly<Record<string, readonly number[]>>,
): string | undefined {
  for (const name of Object.keys(together)) {
    const found = disagreement(alone[name]!, together[name]!.data, reaches[name]!);
    if (found !== undefined) return `the output "${name}" was ${found}`;
  }
  return undefined;
}

function copyOf(tensors: Tensors, row: number): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => {
      const { datatype, shape, data } = rowOf(tensor, row);
      return [name, tensorOf(datatype, shape, data.slice())];
    }),
  );
}

function rowOf({ datatype, shape, data }: Tensor, row: number): Tensor {
  const inner = shape.slice(1);
  const stride = elementCount(inner);
  return tensorOf(datatype, [1, ...inner], viewOf(data, row * stride, (row + 1) * stride));
}
