import { DYNAMIC, type Signature, type TensorSpec } from '#tensor';
import { type DetectionOptions, DetectionOptionsError } from './detection-options.ts';
import { Detector } from './detector.ts';
import { type BoxOutputs, BoxesHead } from './heads/boxes.ts';
import type { Head } from './heads/head.ts';
import { PackedHead } from './heads/packed.ts';
import { Yolov5Head } from './heads/yolov5.ts';
import { Yolov8Head } from './heads/yolov8.ts';
import { isFloat, isList, named, shown } from './output-specs.ts';
import { classScoresHeadOf, queriesHeadOf } from './score-outputs.ts';

type Labels = readonly (string | number)[] | undefined;

/** How many numbers a place has besides the classes. */
const BESIDE_CLASSES = { yolov5: 5, yolov8: 4 } as const;
/** The axis of the classes. */
const CLASS_AXIS = { yolov5: 2, yolov8: 1 } as const;
const BOX = 4;
const BOX_SCORE_LABEL = 6;

/**
 * Creates what reads the detections of a model.
 * @param labels by index, as far as they are known
 * @throws DetectionOptionsError if the options do not fit the model
 */
export function openDetector(options: DetectionOptions, { outputs }: Signature, labels: Labels): Detector {
  return new Detector(headOf(options, outputs, labels), options, labels);
}

function headOf(options: DetectionOptions, outputs: readonly TensorSpec[], labels: Labels): Head {
  const { head, form } = options;
  if (options.activation !== undefined && head !== 'detr')
    throw new DetectionOptionsError(`"detection.activation" is for a detr head, not for ${head}: remove it.`);
  if (head === 'boxes') return boxesHeadOf(options, outputs);
  if (head === 'detr') return queriesHeadOf(options, outputs, labels);
  if (head === 'class-scores') return classScoresHeadOf(options, outputs, labels);
  const name = yoloOutput(options, outputs, labels);
  return head === 'yolov5' ? new Yolov5Head(name, form ?? 'centre') : new Yolov8Head(name, form ?? 'centre');
}

function yoloOutput(options: DetectionOptions, outputs: readonly TensorSpec[], labels: Labels): string {
  const head = options.head as keyof typeof BESIDE_CLASSES;
  if (options.outputs?.scores !== undefined || options.outputs?.labels !== undefined)
    throw new DetectionOptionsError(
      `"detection.outputs" names scores or labels, and a ${head} head has all in one output: name it as "boxes".`,
    );
  const spec =
    (options.outputs && named(options.outputs.boxes, outputs)) ?? outputs.find((output) => isFloat(output, 3));
  const expected = head === 'yolov5' ? '[N, places, 5 + classes]' : '[N, 4 + classes, places]';
  if (spec === undefined || !isFloat(spec, 3))
    throw new DetectionOptionsError(
      `A ${head} head reads an output ${expected} of floats; the model has ${shown(outputs)}.`,
    );
  const size = spec.shape[CLASS_AXIS[head]]!;
  const classes = labels?.length;
  if (size !== DYNAMIC && classes !== undefined && size !== classes + BESIDE_CLASSES[head])
    throw new DetectionOptionsError(
      `A ${head} head reads an output ${expected}; with ${classes} labels, ${shown([spec])} is none: ` +
        'correct "detection.head", "detection.outputs" or "labels".',
    );
  return spec.name;
}

function boxesHeadOf({ outputs: said, form = 'corners' }: DetectionOptions, outputs: readonly TensorSpec[]): Head {
  if (said === undefined) {
    const packed = outputs.filter((output) => isList(output, BOX_SCORE_LABEL));
    const found = boxOutputsAmong(outputs);
    if (found !== undefined) return new BoxesHead(found, form, hasRows(named(found.boxes, outputs)));
    if (packed.length === 1) return new PackedHead(packed[0]!.name, form, hasRows(packed[0]!));
    throw new DetectionOptionsError(
      `Boxes, scores and labels are not told apart among the outputs ${shown(outputs)}: name them as ` +
        '"detection": {"outputs": {"boxes": …, "scores": …, "labels": …}}.',
    );
  }
  const [boxes, scores, labels] = [said.boxes, said.scores, said.labels].map((name) =>
    name === undefined ? undefined : named(name, outputs),
  );
  if (scores === undefined && labels === undefined) {
    if (isList(boxes!, BOX_SCORE_LABEL)) return new PackedHead(boxes!.name, form, hasRows(boxes!));
    throw new DetectionOptionsError(
      `An output that holds boxes with scores and labels is [N, boxes, 6]; ${shown([boxes!])} is none: ` +
        'name the other two as "scores" and "labels".',
    );
  }
  if (scores === undefined || labels === undefined)
    throw new DetectionOptionsError('"detection.outputs" names one of "scores" and "labels": name both, or none.');
  if (!isList(boxes!, BOX) || !isFloat(scores, boxes!.shape.length - 1))
    throw new DetectionOptionsError(
      `Boxes are [N, boxes, 4] with scores [N, boxes], or both without N; the model has ${shown([boxes!, scores])}.`,
    );
  return new BoxesHead({ boxes: boxes!.name, scores: scores.name, labels: labels.name }, form, hasRows(boxes!));
}

/** Identifies the outputs by their shapes or, if these are ambiguous, by their names. */
function boxOutputsAmong(outputs: readonly TensorSpec[]): BoxOutputs | undefined {
  const [boxes, second] = outputs.filter((output) => isList(output, BOX));
  if (boxes === undefined || second !== undefined) return undefined;
  const lists = outputs.filter((output) => output !== boxes && output.shape.length === boxes.shape.length - 1);
  const only = (among: readonly TensorSpec[]): TensorSpec | undefined => (among.length === 1 ? among[0] : undefined);
  const labels =
    only(lists.filter(({ datatype }) => !datatype.startsWith('FP'))) ??
    only(lists.filter(({ name }) => /label|class/i.test(name)));
  const floats = lists.filter((output) => output !== labels && isFloat(output, output.shape.length));
  const scores = only(floats) ?? only(floats.filter(({ name }) => /score|conf/i.test(name)));
  if (scores === undefined || labels === undefined) return undefined;
  return { boxes: boxes.name, scores: scores.name, labels: labels.name };
}

const hasRows = ({ shape }: TensorSpec): boolean => shape.length === 3;
