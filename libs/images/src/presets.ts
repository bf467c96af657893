import type { ImageOptions } from './image-options.ts';

type Preset = Omit<ImageOptions, 'width' | 'height' | 'shorterSide' | 'longerSide'>;

const LEVELS_TO_ONE = 1 / 255;

/** How families of models are trained, by what their own packages do with pictures. */
const PRESETS = {
  /** torchvision's classifiers: a little more than the field, its middle cut out, ImageNet's mean and deviation. */
  torchvision: {
    fit: 'cover',
    crop: 0.875,
    scaling: 'bilinear',
    antialias: true,
    scale: LEVELS_TO_ONE,
    mean: [0.485, 0.456, 0.406],
    deviation: [0.229, 0.224, 0.225],
  },
  /** Ultralytics' letterbox, by OpenCV. */
  yolo: {
    fit: 'contain',
    position: 'centre',
    background: [114, 114, 114],
    scaling: 'bilinear',
    antialias: false,
    scale: LEVELS_TO_ONE,
  },
  /** OpenAI's CLIP and models that are trained like it. */
  clip: {
    fit: 'cover',
    scaling: 'bicubic',
    antialias: true,
    scale: LEVELS_TO_ONE,
    mean: [0.48145466, 0.4578275, 0.40821073],
    deviation: [0.26862954, 0.26130258, 0.27577711],
  },
} as const satisfies Readonly<Record<string, Preset>>;

export type PresetName = keyof typeof PRESETS;

/** The options with the members of their preset in its place; their own override them. */
export function withoutPreset<Options extends ImageOptions & { readonly preset?: PresetName }>({
  preset,
  ...own
}: Options): Omit<Options, 'preset'> {
  if (preset === undefined) return own;
  const { background, position, fit, crop, ...others }: Preset = PRESETS[preset];
  const isFittedIn = (own.fit ?? fit) === 'contain';
  // What keeps its proportions is not cut.
  const isCut = own.width !== undefined || fit === 'contain';
  return {
    ...(isCut && { fit, ...(crop !== undefined && { crop }) }),
    ...others,
    ...(isFittedIn && { position, background }),
    ...own,
  };
}
