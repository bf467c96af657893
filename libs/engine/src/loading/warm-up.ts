import { setImmediate as turn } from 'node:timers/promises';
import { type Instance, makeSamples, mostInventedRows, type RunCost } from '#inference';
import { RepositoryError } from '#models';
import type { ModelFile } from '#onnx';
import { DYNAMIC, type Signature, stack, type Tensor, type Tensors, type TensorSpec } from '#tensor';
import { measureCost } from './cost.ts';
import { SAMPLES } from './example-rows.ts';
import { isUndecided } from './shown-outputs.ts';

/** The size to use for an open first dimension that is not rows. */
const FIRST_SIZE = 8;
/** The time for samples; a slow model runs on fewer, unless their answers decide something. */
const BUDGET_MS = 50;

const NONE_RUNS = 'the model runs none of the rows that Nestor made up: add examples to model.json';
const TOO_LARGE = 'a row has more than 4 Mi elements, so that Nestor makes up none: add examples to model.json';
const ANY_SIZE = 'it takes pictures of any size: "image" in model.json says which size they have';

export interface WarmUp {
  /** Inputs of one row each, beginning with those that are known to run; empty if none runs. */
  readonly samples: readonly Tensors[];
  /** Its answers for some rows. */
  readonly answers: readonly Tensors[];
  /** The cost of runs; undefined if only requests' runs can show it. */
  readonly cost: RunCost | undefined;
  /** Why the cost is not known. */
  readonly unmeasured?: string;
  /** The maximum rows of one run; fewer than requested if a larger batch failed. */
  readonly mostRows: number;
}

/** The inputs of a model's first runs. */
export interface Trial {
  readonly signature: Signature;
  /** Plausible inputs, of one row each if the model has rows. */
  readonly examples: readonly Tensors[];
  /** How many of them, the first ones, are the manifest's; these must run. */
  readonly given: number;
  /** Whether the first dimension of the inputs may be rows. */
  readonly hasRows: boolean;
  /** The maximum rows of one run. */
  readonly maxRows: number;
  readonly file: ModelFile;
}

/**
 * Runs a model for the first time, on its examples and on similar made-up rows, and measures the cost of runs. Requests
 * to other models get a turn of the event loop between runs.
 *
 * @throws RepositoryError if a given example does not run
 */
export async function warmUp(instance: Instance, trial: Trial): Promise<WarmUp> {
  const { signature, examples, given, hasRows, maxRows, file } = trial;
  const isSpent = untilSpent(BUDGET_MS);
  const answers: Tensors[] = [];
  const enough = (): boolean => isSpent() && !isUndecided(file, signature, answers);
  for (const [at, example] of examples.slice(0, given).entries()) {
    if (enough()) break;
    await turn();
    const answer = await instance.run(example).catch((error: unknown) => {
      throw new RepositoryError(`The model fails on examples[${at}] of its manifest: ${(error as Error).message}`, {
        cause: error,
      });
    });
    answers.push(answer);
  }
  const ran: Tensors[] = [];
  const untried: Tensors[] = [];
  const samples = samplesLike(examples, signature, hasRows);
  if (samples.length === 0) return { samples, answers, cost: undefined, unmeasured: TOO_LARGE, mostRows: 1 };
  for (const sample of samples) {
    await turn();
    if (ran.length > 0 && enough()) untried.push(sample);
    // A made-up row may be invalid, such as an index out of range.
    else {
      const answer = await instance.run(sample).catch(() => undefined);
      if (answer === undefined) continue;
      ran.push(sample);
      answers.push(answer);
    }
  }
  if (ran.length === 0) return { samples: [], answers, cost: undefined, unmeasured: NONE_RUNS, mostRows: 1 };
  const known = [...ran, ...untried];
  if (given === 0 && signature.inputs.some(isPictureOfAnySize))
    return { samples: known, answers, cost: undefined, unmeasured: ANY_SIZE, mostRows: maxRows };
  const inputsOf = (rows: number): Tensors => (rows === 1 ? ran[0]! : stack(ran, rows));
  const most = { rows: maxRows, inventedRows: mostInventedRows(ran[0]!) };
  return { samples: known, answers, ...(await measureCost(instance, inputsOf, most)) };
}

/** The cost of a row depends on its size by orders of magnitude: a picture of 8×8 pixels tells nothing about it. */
function isPictureOfAnySize({ shape }: TensorSpec): boolean {
  return shape.length >= 4 && shape.slice(1).filter((size) => size === DYNAMIC).length >= 2;
}

/** The examples themselves if they are suitable, since changed ones may be invalid. */
function samplesLike(examples: readonly Tensors[], signature: Signature, hasRows: boolean): readonly Tensors[] {
  const alike = (key: (tensor: Tensor) => string) => (inputs: Tensors) =>
    signature.inputs.map(({ name }) => key(inputs[name]!)).join(';');
  const shape = alike((tensor) => tensor.shape.join());
  const content = alike((tensor) => tensor.data.join());
  const stackable = examples.filter((example) => shape(example) === shape(examples[0]!));
  const distinct = new Set(stackable.map(content));
  if (distinct.size >= SAMPLES) return stackable;
  const made = makeSamples(signature, stackable, { count: SAMPLES, ...(!hasRows && { first: FIRST_SIZE }) });
  return made.length > 0 ? made : stackable;
}

function untilSpent(ms: number): () => boolean {
  const end = performance.now() + ms;
  return () => performance.now() > end;
}
