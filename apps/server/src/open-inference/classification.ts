import { elementCount, fp16View, type Tensor } from '#tensor';

/**
 * Formats an output's highest elements as "value:index" or "value:index:label". Highest first; ties by index; NaN last.
 * A model with rows gets its highest elements per row, in shape [rows, n]; any other gets them for the tensor, in [n].
 *
 * @param count how many elements at most
 * @param labels used if their number equals that of the classes
 */
export function classify(
  output: Tensor,
  count: number,
  hasRows: boolean,
  labels: readonly (string | number)[] | undefined,
): Tensor<'BYTES'> {
  const { shape } = output;
  const values = numbersOf(output);
  const rows = hasRows ? shape[0]! : 1;
  const classes = hasRows ? elementCount(shape.slice(1)) : values.length;
  const taken = Math.min(count, classes);
  const data: string[] = [];
  for (let row = 0; row < rows; row += 1) {
    const indices = highest(values, row * classes, classes, taken);
    for (const index of indices) {
      const value = String(values[row * classes + index]);
      data.push(labels?.length === classes ? `${value}:${index}:${labels[index]!}` : `${value}:${index}`);
    }
  }
  return { datatype: 'BYTES', shape: hasRows ? [rows, taken] : [taken], data };
}

type Numbers = Readonly<Record<number, number | bigint>> & { readonly length: number };

function numbersOf({ datatype, data }: Tensor): Numbers {
  return datatype === 'FP16' ? fp16View(data as Uint16Array) : (data as Float32Array);
}

function highest(values: Numbers, from: number, classes: number, count: number): readonly number[] {
  const indices = Array.from({ length: classes }, (_, index) => index);
  indices.sort((a, b) => byValueDown(values[from + a]!, values[from + b]!) || a - b);
  return indices.slice(0, count);
}

function byValueDown(a: number | bigint, b: number | bigint): number {
  if (a > b) return -1;
  if (b > a) return 1;
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}
