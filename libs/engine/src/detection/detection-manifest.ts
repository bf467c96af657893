import { DetectionOptionsError, shownHead } from '#detections';
import type { DetectionBlock, ImagePreprocessing, Manifest } from '#models';
import { type ModelFile, readMetadata } from '#onnx';
import type { Signature, Size } from '#tensor';

const TASK = 'object-detection';
/** What Ultralytics' letterbox fills the rest of a picture's field with. */
const GREY: [number, number, number] = [114, 114, 114];

/**
 * The manifest with how pictures become the input, where the file shows it and the model may be a detector: its outputs tell
 * once they were seen.
 */
export function withPictures(manifest: Manifest, signature: Signature, file: ModelFile): Manifest {
  if (manifest.image !== undefined || !isDetector(manifest)) return manifest;
  const image = shownImage(signature, file);
  return image === undefined ? manifest : { ...manifest, image };
}

/**
 * The manifest of a detector with what it leaves to its file: the head, the labels, and how pictures become the input. Of
 * other models it is returned as it is, and of one that says that it is for something else.
 *
 * @param signature with the sizes that the outputs had when the model was tried
 * @throws DetectionOptionsError where detections are asked for, and manifest and file together do not tell how to read them
 */
export function withDetection(manifest: Manifest, signature: Signature, file: ModelFile): Manifest {
  const { task, detection, outputs } = manifest;
  if (!isDetector(manifest)) return manifest;
  if (detection !== undefined && task !== undefined && task !== TASK)
    throw new DetectionOptionsError(`"detection" is for the task ${TASK}, not for ${task}: remove one of them.`);
  const { labels = readMetadata(file).labels } = manifest;
  const { image } = withPictures(manifest, signature, file);
  const found = detection ?? shownDetection(signature, file);
  if (found === undefined || image === undefined) {
    if (!isAsked(manifest)) return manifest;
    throw new DetectionOptionsError(
      found === undefined
        ? 'The file does not show how objects are read from the outputs: write a "detection" block with the "head".'
        : 'The file does not show how a picture becomes the input: write an "image" block.',
    );
  }
  if (outputs !== undefined)
    throw new DetectionOptionsError('Detections are all that is answered of a detector: remove "outputs".');
  return { ...manifest, task: TASK, detection: found, image, ...(labels && { labels: [...labels] }) };
}

/** Whether the model may be a detector, by its manifest: it says so, or says nothing else. */
export const isDetector = (manifest: Manifest): boolean => isAsked(manifest) || !isSomethingElse(manifest);

const isAsked = ({ task, detection }: Manifest): boolean => task === TASK || detection !== undefined;

const isSomethingElse = ({ task, outputs, features }: Manifest): boolean =>
  task !== undefined || outputs !== undefined || features !== undefined;

function shownDetection({ outputs }: Signature, file: ModelFile): DetectionBlock | undefined {
  const { yolo, labels } = readMetadata(file);
  if (yolo === undefined || labels === undefined) return undefined;
  const head = shownHead({ ...yolo, classes: labels.length }, outputs);
  return head && { head };
}

/** Pictures as YOLO models are trained on them: fitted in by OpenCV, the rest grey, levels from 0 to 1. */
function shownImage({ inputs }: Signature, file: ModelFile): ImagePreprocessing | undefined {
  const { yolo, picture } = readMetadata(file);
  const [input] = inputs;
  const detects = yolo !== undefined && (yolo.task ?? 'detect') === 'detect';
  if (!detects || inputs.length !== 1 || input!.shape.length !== 4) return undefined;
  const [, channels, height, width] = input!.shape as [number, number, number, number];
  const size = shownSize({ width, height }, picture, yolo.stride);
  if ((channels !== 1 && channels !== 3) || size === undefined) return undefined;
  return {
    ...{ ...size, channels, fit: 'contain', background: GREY, antialias: false },
    ...(input!.datatype !== 'UINT8' && { scale: 1 / 255 }),
  };
}

/** Of a model that takes pictures of any size, Ultralytics' package scales each until it fits into a square one. */
function shownSize(input: Size, written: Size | undefined, stride: number): ImageSize | undefined {
  const isOpen = input.width <= 0 && input.height <= 0;
  if (isOpen && written?.width === written?.height) return written && { longerSide: written.width, multipleOf: stride };
  const width = input.width > 0 ? input.width : written?.width;
  const height = input.height > 0 ? input.height : written?.height;
  return width === undefined || height === undefined ? undefined : { width, height };
}

type ImageSize = Pick<ImagePreprocessing, 'width' | 'height' | 'longerSide' | 'multipleOf'>;
