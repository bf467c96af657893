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
 * What refuses inputs that have different lengths where the model writes one symbol: no run can fit them.
 *
 * @param hasRows whether tensors may be cut into rows, which then are not as many as the request had
 * @returns throws NestorError INVALID_TENSOR, naming inputs and symbol; undefined where no symbol stands twice
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

/** What a model calls the dimensions of an input; undefined for those without a name that means anything. */
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
