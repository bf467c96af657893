import { DYNAMIC, type Signature, type TensorSpec } from '#tensor';
import { type ImageOptions, ImageOptionsError } from './image-options.ts';
import type { ImageDatatype } from './levels.ts';

/** The input that pictures feed. */
export interface ImageInput {
  readonly name: string;
  readonly datatype: ImageDatatype;
  /** Its dimensions after the first. */
  readonly shape: readonly number[];
}

const DATATYPES: readonly string[] = ['UINT8', 'FP16', 'FP32'] satisfies ImageDatatype[];

/**
 * The one input of an image model, with the shape that the `image` block gives it: in the order of its layout, flat, or,
 * where pictures are grey, without a dimension for the channel.
 * @throws ImageOptionsError where block and model do not fit
 */
export function imageInputOf(options: ImageOptions, { inputs }: Signature): ImageInput {
  const [input] = inputs;
  if (input === undefined || inputs.length > 1)
    throw new ImageOptionsError(`"image" is for models with one input; this one has ${inputs.length}.`);
  const shapes = shapesOf(options);
  const shape = shapes.find((candidate) => fits(input, candidate));
  if (shape === undefined || !DATATYPES.includes(input.datatype)) {
    const expected = shapes.map((candidate) => `[N, ${candidate.join(', ')}]`).join(' or ');
    throw new ImageOptionsError(
      `"image" needs an input of ${DATATYPES.join(', ')} and shape ${expected}; ${input.name} is ${input.datatype} [${input.shape.join(', ')}].`,
    );
  }
  return { name: input.name, datatype: input.datatype as ImageDatatype, shape };
}

function shapesOf({ width, height, channels = 3, layout = 'NCHW' }: ImageOptions): number[][] {
  const ordered = layout === 'NCHW' ? [channels, height, width] : [height, width, channels];
  return [ordered, ...(channels === 1 ? [[height, width]] : []), [channels * height * width]];
}

function fits({ shape: [first, ...rest] }: TensorSpec, shape: readonly number[]): boolean {
  if (first !== DYNAMIC && first !== 1) return false;
  return rest.length === shape.length && rest.every((size, at) => size === DYNAMIC || size === shape[at]);
}
