import type { Detector } from '#detections';
import { PredictionWriter } from '#features';
import type { Manifest } from '#models';
import type { ModelFile } from '#onnx';
import type { Signature, Tensors } from '#tensor';
import type { TextModel } from '../text/text-model.ts';
import { shownOutputs } from './shown-outputs.ts';

/** What determines the members of a model's answers. */
interface Said {
  readonly manifest: Manifest;
  readonly file: ModelFile;
  readonly detector: Detector | undefined;
  /** The model's answers in its first runs. */
  readonly answers: readonly Tensors[];
}

/**
 * Opens the writer of a model's answers.
 * @throws FeatureError if the manifest does not fit the model
 */
export function openWriter(
  text: TextModel | undefined,
  signature: Signature,
  hasRows: boolean,
  { manifest: { outputs, labels }, file, detector, answers }: Said,
): PredictionWriter {
  const said = { ...(outputs && { outputs }), ...(labels && { labels }) };
  if (text !== undefined) return new PredictionWriter(text.answered, { ...text.answers, ...said }, hasRows);
  const shown = shownOutputs(file, signature, answers);
  return new PredictionWriter(signature, { shown, ...said, detector }, hasRows);
}
