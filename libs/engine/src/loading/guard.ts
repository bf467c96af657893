import { emptyDimensionsGuard, type SchedulerOptions } from '#inference';
import { deadlyOperator, type ModelFile } from '#onnx';
import type { Signature } from '#tensor';
import { sharedSymbolsGuard } from '../rows/shared-symbols.ts';

export interface Guarded {
  /** Whether a dimension that the model leaves open may be 0. */
  readonly emptyDimensions: boolean;
  readonly hasRows: boolean;
}

/** Creates the check that rejects inputs that must not or cannot run. */
export function guardOf(
  signature: Signature,
  file: ModelFile,
  { emptyDimensions, hasRows }: Guarded,
): SchedulerOptions['guard'] {
  const guards = [
    emptyDimensions ? undefined : emptyDimensionsGuard(signature, deadlyOperator(file)),
    sharedSymbolsGuard(signature, file, hasRows),
  ].filter((guard) => guard !== undefined);
  if (guards.length === 0) return undefined;
  return (inputs) => {
    for (const guard of guards) guard(inputs);
  };
}
