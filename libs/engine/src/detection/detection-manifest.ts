import { DetectionOptionsError, shownHead } from '#detections';
import type { DetectionBlock, ImagePreprocessing, Manifest } from '#models';
import { type ModelFile, readMetadata } from '#onnx';
import type { Signature, Size } from '#tensor';

const TASK = 'object-detection';
/** The background of Ultralytics' letterbox. */
const GREY: [number, number, number] = [114, 114, 114];

/**
 * Adds an `image` block to the manifest if the file shows one and the model may be a detector, which only its outputs
 * can confirm later.
 */
export function withPictures(manifest: Manifest, signature: Signature, file: ModelFile): Manifest {
  if (manifest.image !== undefined || !isDetector(manifest)) return manifest;
  const image = shownImage(signature, file);
  return image === undefined ? manifest : { ...manifest, image };
}

/**
 * Adds to a detector's manifest what the file shows: the head, the labels, and the `image` block. Returns the manifest
 * unchanged for other models, and if it names another task.
 *
 * @param signature with the sizes that the outputs had in test runs
 * @throws DetectionOptionsError if the manifest asks for detections, but neither it nor the file says how to read them
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
  if (outputs !== undefined) throw new DetectionOptionsError('A detector returns only detections: remove "outputs".');
  return { ...manifest, task: TASK, detection: found, image, ...(labels && { labels: [...labels] }) };
}

/** Whether the manifest allows a detector: it asks for one, or has no other task. */
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

/** Pictures as in the training of YOLO models: scaled by OpenCV to fit, on grey, with levels from 0 to 1. */
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

/** For a model that takes any size, Ultralytics' package scales each picture until it fits into a square. */
function shownSize(input: Size, written: Size | undefined, stride: number): ImageSize | undefined {
  const isOpen = input.width <= 0 && input.height <= 0;
  if (isOpen && written?.width === written?.height) return written && { longerSide: written.width, multipleOf: stride };
  const width = input.width > 0 ? input.width : written?.width;
  const height = input.height > 0 ? input.height : written?.height;
  return width === undefined || height === undefined ? undefined : { width, height };
}

type ImageSize = Pick<ImagePreprocessing, 'width' | 'height' | 'longerSide' | 'multipleOf'>;
