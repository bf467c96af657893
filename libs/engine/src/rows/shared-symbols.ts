import { NestorError, quote } from '#errors';
import type { ModelFile } from '#onnx';
import type { Signature, Tensors } from '#tensor';

/** Names that exporters give to any unknown dimension. */
const NOTHING = /^(?:\?|none|any|dynamic|unknown)$/i;

interface Place {
  readonly name: string;
  readonly dimension: number;
}

/**
 * Creates the check that rejects inputs with different lengths in dimensions with the same symbol, which no run can
 * take.
 *
 * @param hasRows whether tensors may be cut into rows, so that a run has another number of them than the request
 * @returns a function that throws NestorError INVALID_TENSOR, or undefined if no symbol occurs twice
 */
export function sharedSymbolsGuard(
  { inputs }: Signature,
  file: ModelFile,
  hasRows: boolean,
): ((tensors: Tensors) => void) | undefined {
  const places = inputs.flatMap(({ name }) => {
    const symbols = dimensionNames(file, name);
    return symbols.flatMap((symbol, dimension) => (symbol === undefined ? [] : [{ symbol, name, dimension }]));
  });
  const groups = Map.groupBy(places, ({ symbol, dimension }) => `${hasRows && dimension === 0} ${symbol}`);
  const shared = [...groups.values()].filter(({ length }) => length > 1);
  if (shared.length === 0) return undefined;
  return (tensors) => {
    for (const [first, ...others] of shared) {
      const length = lengthAt(tensors, first!);
      const other = others.find((place) => lengthAt(tensors, place) !== length);
      if (other !== undefined) throw different(first!.symbol, first!, length, other, lengthAt(tensors, other));
    }
  };
}

/** The names of an input's dimensions in the model; undefined for a dimension without a meaningful name. */
export function dimensionNames({ graph }: ModelFile, input: string): readonly (string | undefined)[] {
  const shape = graph.inputs.find(({ name }) => name === input)?.shape ?? [];
  return shape.map((symbol) => (isMeaningful(symbol) ? symbol : undefined));
}

const isMeaningful = (symbol: unknown): symbol is string =>
  typeof symbol === 'string' && symbol !== '' && !NOTHING.test(symbol);

const lengthAt = (tensors: Tensors, { name, dimension }: Place): number => tensors[name]!.shape[dimension]!;

function different(symbol: string, first: Place, length: number, other: Place, otherLength: number): NestorError {
  const at = ({ name, dimension }: Place): string => `input ${quote(name)} in dimension ${dimension}`;
  return new NestorError(
    'INVALID_TENSOR',
    `The model calls one length ${quote(symbol)} that is ${length} of ${at(first)}, and ${otherLength} of ${at(other)}: send the same for both.`,
  );
}
