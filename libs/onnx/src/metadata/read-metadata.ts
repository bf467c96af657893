import type { ModelFile } from '../model-file/model-file.ts';
import { readList } from './literal.ts';

/** The exporter's metadata that Nestor uses. */
export interface Metadata {
  /** The classes: `names` of Ultralytics' exports, `character` of PaddleOCR's, which holds the characters of a text model. */
  readonly labels?: readonly (string | number)[];
  /** The columns of the one input, as LightGBM calls them. */
  readonly features?: readonly string[];
  /** The size of a picture, and whether the model tells its class, as Ultralytics' exports have it. */
  readonly picture?: { readonly height: number; readonly width: number; readonly isClassified: boolean };
  /**
   * Of YOLO models, which alone have a stride: their task, as Ultralytics' package writes it, whether overlaps are left out in
   * the graph, and what width and height are multiples of.
   */
  readonly yolo?: { readonly task: string | undefined; readonly isSuppressed: boolean; readonly stride: number };
}

const USUAL_STRIDE = 32;
/** In what the exporter was told, a Python dictionary. */
const NMS = /'nms': True\b/;

export function readMetadata({ metadata }: ModelFile): Metadata {
  const { names, character, feature_names, imgsz, task, stride, end2end, args } = metadata;
  const labels = (names !== undefined ? readList(names) : undefined) ?? character?.split(/\r?\n/).filter(Boolean);
  const features = feature_names === undefined ? undefined : namesIn(feature_names);
  const [height, width = height] = (imgsz !== undefined ? readSizes(imgsz) : undefined) ?? [];
  return {
    ...(areNames(labels) && { labels }),
    ...(areNames(features) && { features }),
    ...(height !== undefined &&
      width !== undefined && { picture: { height, width, isClassified: task === 'classify' } }),
    ...(stride !== undefined && {
      yolo: {
        task,
        isSuppressed: end2end === 'True' || NMS.test(args ?? ''),
        stride: Math.max(...(readSizes(stride) ?? [USUAL_STRIDE])),
      },
    }),
  };
}

/** Whether keys can be made of them. */
function areNames<Name>(names: readonly Name[] | undefined): names is readonly Name[] {
  const texts = new Set((names ?? []).map(String));
  return names !== undefined && names.length > 0 && texts.size === names.length && !texts.has('__proto__');
}

function readSizes(text: string): readonly number[] | undefined {
  const sizes = readList(text) ?? [Number(text)];
  return sizes.every((size) => Number.isInteger(size) && Number(size) > 0) ? sizes.map(Number) : undefined;
}

/** A list; or names with commas, line breaks or spaces between them. */
function namesIn(text: string): readonly string[] {
  const list = readList(text)?.map(String);
  if (list !== undefined) return list;
  const separator = [',', '\n'].find((candidate) => text.includes(candidate)) ?? ' ';
  return text
    .split(separator)
    .map((name) => name.trim())
    .filter(Boolean);
}
