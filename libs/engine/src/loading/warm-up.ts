import { setImmediate as turn } from 'node:timers/promises';
import { type Instance, makeSamples } from '#inference';
import { RepositoryError } from '#models';
import { DYNAMIC, type Signature, stack, type Tensor, type Tensors } from '#tensor';
import { measureCost } from './cost.ts';
import type { RunCost } from '#inference';
import { SAMPLES } from './example-rows.ts';

/** A slow model is not run on more samples than fit in here. */
const BUDGET_MS = 50;

export interface WarmUp {
  /** Inputs of one row each, two at least; those that are known to run come first. */
  readonly samples: readonly Tensors[];
  /** What runs cost; undefined where no sample ran. */
  readonly cost: RunCost | undefined;
}

/** Whether the first dimension of every input takes any number of rows. */
export function takesRows(signature: Signature): boolean {
  return signature.inputs.length > 0 && signature.inputs.every(({ shape }) => shape[0] === DYNAMIC);
}

/**
 * Runs a model for the first time, on its examples and on rows made up like them, and measures what runs cost. Requests to
 * other models have their turn of the event loop between two runs.
 *
 * @param examples inputs of one row that make sense to the model
 * @param given how many of them, the first ones, the manifest gives: these must run
 * @throws RepositoryError where a given example does not run
 */
export async function warmUp(
  instance: Instance,
  signature: Signature,
  examples: readonly Tensors[],
  given: number,
  maxRows: number,
): Promise<WarmUp> {
  const enough = untilSpent(BUDGET_MS);
  for (const [at, example] of examples.slice(0, given).entries()) {
    if (enough()) break;
    await turn();
    await instance.run(example).catch((error: unknown) => {
      throw new RepositoryError(`The model fails on examples[${at}] of its manifest: ${(error as Error).message}`, {
        cause: error,
      });
    });
  }
  const ran: Tensors[] = [];
  const untried: Tensors[] = [];
  for (const sample of samplesLike(examples, signature)) {
    await turn();
    if (ran.length > 0 && enough()) untried.push(sample);
    // What was made up may be impossible, such as an index out of range.
    else if (
      await instance.run(sample).then(
        () => true,
        () => false,
      )
    )
      ran.push(sample);
  }
  if (ran.length === 0) return { samples: makeSamples(signature, examples), cost: undefined };
  const inputsOf = (rows: number): Tensors => (rows === 1 ? ran[0]! : stack(ran, rows));
  return {
    samples: [...ran, ...untried],
    cost: await measureCost(instance, inputsOf, takesRows(signature) ? maxRows : 1),
  };
}

/** The examples themselves where they are fit for it: what is made by perturbing them may be impossible. */
function samplesLike(examples: readonly Tensors[], signature: Signature): readonly Tensors[] {
  const alike = (key: (tensor: Tensor) => string) => (inputs: Tensors) =>
    signature.inputs.map(({ name }) => key(inputs[name]!)).join(';');
  const shape = alike((tensor) => tensor.shape.join());
  const content = alike((tensor) => tensor.data.join());
  const stackable = examples.filter((example) => shape(example) === shape(examples[0]!));
  const distinct = new Set(stackable.map(content));
  return distinct.size >= SAMPLES ? stackable : makeSamples(signature, stackable, SAMPLES);
}

function untilSpent(ms: number): () => boolean {
  const end = performance.now() + ms;
  return () => performance.now() > end;
}
