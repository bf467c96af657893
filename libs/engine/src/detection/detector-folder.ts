import type { ImagePreprocessing } from '#models';
import type { ModelFile } from '#onnx';
import { labelsOf, readBeside } from '#text';
import type { VersionSource } from '../loading/version-source.ts';
import { isDetector } from './detection-manifest.ts';

type Json = Readonly<Record<string, unknown>>;

/** Outputs of transformers' detectors, as Optimum and transformers.js export them. */
const OUTPUTS = ['logits', 'pred_boxes'];
const ARCHITECTURE = /ForObjectDetection$/;
/** By Pillow's numbers of filters, which transformers writes. */
const SCALINGS = ['nearest', undefined, 'bilinear', 'bicubic'] as const;

/**
 * Adds to the source of a version what a detector's folder from Optimum or transformers.js says: the labels of
 * config.json, and the `image` block from preprocessor_config.json. The manifest overrides both.
 *
 * @throws TextOptionsError if a file is not JSON
 */
export async function withDetectorFolder(source: VersionSource, file: ModelFile): Promise<VersionSource> {
  const { manifest, path } = source;
  const outputs = file.graph.outputs.map(({ name }) => name);
  if (!isDetector(manifest) || !OUTPUTS.every((name) => outputs.includes(name))) return source;
  const config = objectOf(await readBeside(path, 'config.json'));
  if (!ARCHITECTURE.test(String([config['architectures']].flat()[0]))) return source;
  const image = manifest.image ?? imageOf(objectOf(await readBeside(path, 'preprocessor_config.json')), file);
  if (image === undefined) return source;
  const { detection = { head: 'detr' }, labels = labelsOf(config) } = manifest;
  return { ...source, manifest: { ...manifest, image, detection, ...(labels && { labels: [...labels] }) } };
}

const objectOf = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});

function imageOf(config: Json, { graph }: ModelFile): ImagePreprocessing | undefined {
  const { do_resize, resample = 2, do_rescale, rescale_factor = 1 / 255, do_normalize, image_mean, image_std } = config;
  const sides = sidesOf(config);
  const scaling = SCALINGS[Number(resample)];
  const shape = graph.inputs.find(({ name }) => name === 'pixel_values')?.shape;
  const isOpen = shape?.slice(2).every((size) => typeof size !== 'number') === true;
  if (do_resize === false || scaling === undefined || sides === undefined) return undefined;
  if (sides.width === undefined && !isOpen) return undefined;
  const isStandardised = do_normalize !== false && Array.isArray(image_mean) && Array.isArray(image_std);
  return {
    ...sides,
    scaling,
    ...(do_rescale !== false && { scale: Number(rescale_factor) }),
    ...(isStandardised && { mean: image_mean.map(Number), deviation: image_std.map(Number) }),
  };
}

type Sides = Pick<ImagePreprocessing, 'width' | 'height' | 'fit' | 'shorterSide' | 'longerSide'>;

/** Reads the forms that transformers has written over the years. */
function sidesOf({ size, max_size }: Json): Sides | undefined {
  if (typeof size === 'number')
    return { shorterSide: size, ...(typeof max_size === 'number' && { longerSide: max_size }) };
  const { height, width, shortest_edge, longest_edge } = objectOf(size);
  if (typeof height === 'number' && typeof width === 'number') return { width, height, fit: 'fill' };
  const sides = {
    ...(typeof shortest_edge === 'number' && { shorterSide: shortest_edge }),
    ...(typeof longest_edge === 'number' && { longerSide: longest_edge }),
  };
  return Object.keys(sides).length === 0 ? undefined : sides;
}
