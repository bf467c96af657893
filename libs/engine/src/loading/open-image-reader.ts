import { type Feature, RowReader } from '#features';
import { type ImageOptions, ImageOptionsError, imageInputOf, ImageReader, maskOf } from '#images';
import { NestorError } from '#errors';
import type { Signature } from '#tensor';
import type { RequestLimits } from '../request.ts';

/**
 * Opens the reader of a model's pictures. The model's other inputs have their defaults.
 *
 * @throws ImageOptionsError if the `image` block does not fit the model, or another input has no default
 */
export function openImageReader(
  options: ImageOptions,
  signature: Signature,
  features: readonly Feature[],
  limits: RequestLimits & { readonly hasRows: boolean },
): ImageReader {
  const { name } = imageInputOf(options, signature);
  const ofPictures = [name, maskOf(signature)?.name];
  const inputs = signature.inputs.filter((input) => !ofPictures.includes(input.name));
  if (inputs.length === 0) return new ImageReader(options, signature, limits);
  const others = features.filter(({ input }) => !ofPictures.includes(input));
  const open = others.find(({ lengths }) => lengths !== undefined);
  if (open !== undefined)
    throw new ImageOptionsError(`Beside a picture, the default of ${open.name} has one shape: write it as "shape".`);
  const reader = new RowReader(others, { inputs, outputs: [] }, limits);
  const readBeside = (records: readonly object[]) => reader.readRecords(records).inputs;
  try {
    readBeside([{}]);
  } catch (error) {
    if (!(error instanceof NestorError)) throw error;
    const why = error.errors.map(({ detail }) => detail.replace(/^row 0: /, '')).join(', ');
    throw new ImageOptionsError(
      `"image" feeds ${name}, and beside a picture every other input has its "default" in "features": ${why}.`,
    );
  }
  const names = new Set(others.map((feature) => feature.name));
  return new ImageReader(options, signature, { ...limits, beside: { names, read: readBeside } });
}
