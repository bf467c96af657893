import type { ModelFile } from '#onnx';
import type { Signature } from '#tensor';

/** Symbols that exporters generate, or that mean a batch. They do not distinguish inputs. */
const BATCH =
  /^(?:n|b|bs|m|none|\?|batch.*|num_?(?:rows|samples|examples|instances)|rows?|samples?|unk__\d+|.*dynamic_axes.*|s\d+|d\d+|dim_?\d*)$/i;

/** The symbols of the inputs' first dimensions that mean something other than a batch, by input. */
export function meaningfulSymbols({ inputs }: Signature, { graph }: ModelFile): ReadonlyMap<string, string> {
  const symbols = new Map<string, string>();
  for (const { name } of inputs) {
    const symbol = graph.inputs.find((input) => input.name === name)?.shape?.[0];
    if (typeof symbol === 'string' && symbol !== '' && !BATCH.test(symbol)) symbols.set(name, symbol);
  }
  return symbols;
}
