import { DYNAMIC, type Signature, type Size, type TensorSpec } from '#tensor';
import { type ImageOptions, ImageOptionsError, sizeOf } from './image-options.ts';
import type { ImageDatatype } from './levels.ts';

/** The input that pictures feed. */
export interface ImageInput {
  readonly name: string;
  readonly datatype: ImageDatatype;
  /** Its dimensions after the first; of a model that takes pictures of any size, width and height are open. */
  readonly shape: readonly number[];
}

const DATATYPES: readonly string[] = ['UINT8', 'FP16', 'FP32'] satisfies ImageDatatype[];

/**
 * The input of an image model that pictures feed, with the shape that the `image` block gives it: in the order of its
 * layout, flat, or, where pictures are grey, without a dimension for the channel. Pictures of any size are never flat.
 * @throws ImageOptionsError where block and model do not fit
 */
export function imageInputOf(options: ImageOptions, { inputs }: Signature): ImageInput {
  const shapes = shapesOf(options);
  for (const shape of shapes) {
    const [input, second] = inputs.filter((one) => DATATYPES.includes(one.datatype) && fits(one, shape));
    if (second !== undefined)
      throw new ImageOptionsError(
        `"image" needs one input of shape ${shown(shape)}; ${input!.name} and ${second.name} are.`,
      );
    if (input !== undefined) return { name: input.name, datatype: input.datatype as ImageDatatype, shape };
  }
  const those = inputs.map(({ name, datatype, shape }) => `${name} is ${datatype} [${shape.join(', ')}]`);
  throw new ImageOptionsError(
    `"image" needs an input of ${DATATYPES.join(', ')} and shape ${shapes.map(shown).join(' or ')}; ${those.join(', ')}.`,
  );
}

const shown = (shape: readonly number[]): string =>
  `[N, ${shape.map((size) => (size === DYNAMIC ? 'any' : size)).join(', ')}]`;

function shapesOf(options: ImageOptions): number[][] {
  const { channels = 3, layout = 'NCHW' } = options;
  const size = sizeOf(options);
  const { width, height } = size ?? { width: DYNAMIC, height: DYNAMIC };
  const ordered = layout === 'NCHW' ? [channels, height, width] : [height, width, channels];
  const flat = size && [channels * size.height * size.width];
  return [ordered, ...(channels === 1 ? [[height, width]] : []), ...(flat ? [flat] : [])];
}

/** Its dimensions after the first for pictures of one size: the height is open before the width. */
export function shapeFor({ shape }: ImageInput, { width, height }: Size): number[] {
  const sides = [height, width];
  return shape.map((dimension) => (dimension === DYNAMIC ? sides.shift()! : dimension));
}

function fits({ shape: [first, ...rest] }: TensorSpec, shape: readonly number[]): boolean {
  if (first !== DYNAMIC && first !== 1) return false;
  return rest.length === shape.length && rest.every((size, at) => size === DYNAMIC || size === shape[at]);
}
