import type { Manifest } from '#models';
import { type ModelSource, readMetadata } from '#onnx';
import type { Signature } from '#tensor';

/**
 * How a picture becomes the model's input, if that is [N, 1 or 3, height, width] or has the channels last. An open size
 * comes from the metadata that Ultralytics writes into the file; such models take pixels from 0 to 1.
 */
export function imageOf({ inputs }: Signature, { file }: Pick<ModelSource, 'file'>): Manifest['image'] {
  const [input] = inputs;
  if (inputs.length !== 1 || input?.shape.length !== 4 || input.datatype === 'BYTES') return undefined;
  const [, second, third, fourth] = input.shape as [number, number, number, number];
  const { picture } = readMetadata(file);
  if (isChannels(second)) {
    const [height, width] = [sizeOf(third, picture?.height), sizeOf(fourth, picture?.width)];
    const asTrained = picture && ({ scale: 1 / 255, fit: picture.isClassified ? 'cover' : 'contain' } as const);
    return height && width ? { width, height, channels: second, layout: 'NCHW', ...asTrained } : undefined;
  }
  if (isChannels(fourth) && second > 0 && third > 0)
    return { width: third, height: second, channels: fourth, layout: 'NHWC' };
  return undefined;
}

const isChannels = (size: number): size is 1 | 3 => size === 1 || size === 3;

const sizeOf = (declared: number, written: number | undefined): number | undefined =>
  declared > 0 ? declared : written;
