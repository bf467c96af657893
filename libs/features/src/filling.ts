import { allocate, type Datatype, type TensorData } from '#tensor';
import type { Element } from './element.ts';
import type { Feature } from './feature.ts';
import { Findings } from './findings.ts';

/**
 * The default of a feature as its tensor stores it, which gets no warning; undefined without a default, and for lists.
 */
export function fillingOf(
  { default: fallback }: Feature,
  element: Element,
  datatype: Datatype,
): TensorData[number] | undefined {
  if (fallback === undefined || Array.isArray(fallback)) return undefined;
  const one = allocate(datatype, 1);
  element.write(one, 0, fallback, 0, new Findings());
  return one[0];
}
