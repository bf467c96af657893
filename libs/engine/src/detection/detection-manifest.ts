import { DetectionOptionsError, shownHead } from '#detections';
import type { DetectionBlock, ImagePreprocessing, Manifest } from '#models';
import { type ModelFile, readMetadata } from '#onnx';
import type { Signature } from '#tensor';

/** What Ultralytics' letterbox fills the rest of a picture's field with. */
const GREY: [number, number, number] = [114, 114, 114];

/**
 * The manifest of a detector with what it leaves to its file: the head, the labels, and how pictures become the input. Of
 * other models it is returned as it is, and of one that says that it is for something else.
 *
 * @throws DetectionOptionsError where detections are asked for, and manifest and file together do not tell how to read them
 */
export function withDetection(manifest: Manifest, signature: Signature, file: ModelFile): Manifest {
  const { task, detection, outputs, features, image = shownImage(signature, file) } = manifest;
  const isAsked = task === 'object-detection' || detection !== undefined;
  if (!isAsked && (task !== undefined || outputs !== undefined || features !== undefined)) return manifest;
  if (detection !== undefined && task !== undefined && task !== 'object-detection')
    throw new DetectionOptionsError(
      `"detection" is for the task object-detection, not for ${task}: remove one of them.`,
    );
  const { labels = readMetadata(file).labels } = manifest;
  const found = detection ?? shownDetection(signature, file);
  if (found === undefined || image === undefined) {
    if (!isAsked) return manifest;
    throw new DetectionOptionsError(
      found === undefined
        ? 'The file does not show how objects are read from the outputs: write a "detection" block with the "head".'
        : 'The file does not show how a picture becomes the input: write an "image" block.',
    );
  }
  if (outputs !== undefined)
    throw new DetectionOptionsError('Detections are all that is answered of a detector: remove "outputs".');
  return { ...manifest, task: 'object-detection', detection: found, image, ...(labels && { labels: [...labels] }) };
}

function shownDetection({ outputs }: Signature, file: ModelFile): DetectionBlock | undefined {
  const { yolo, labels } = readMetadata(file);
  if (yolo === undefined || labels === undefined) return undefined;
  const head = shownHead({ ...yolo, classes: labels.length }, outputs);
  return head && { head };
}

/** Pictures as YOLO models are trained on them: fitted in, the rest grey, levels from 0 to 1. */
function shownImage({ inputs }: Signature, file: ModelFile): ImagePreprocessing | undefined {
  const { yolo, picture } = readMetadata(file);
  const [input] = inputs;
  if (yolo === undefined || inputs.length !== 1 || input!.shape.length !== 4) return undefined;
  const [, channels, height, width] = input!.shape as [number, number, number, number];
  const size = { width: width > 0 ? width : picture?.width, height: height > 0 ? height : picture?.height };
  if ((channels !== 1 && channels !== 3) || size.width === undefined || size.height === undefined) return undefined;
  const { width: across, height: down } = size;
  return {
    ...{ width: across, height: down, channels, fit: 'contain', background: GREY },
    ...(input!.datatype !== 'UINT8' && { scale: 1 / 255 }),
  };
}
