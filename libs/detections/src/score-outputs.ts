import { DYNAMIC, type TensorSpec } from '#tensor';
import { type DetectionOptions, DetectionOptionsError } from './detection-options.ts';
import { ClassScoresHead } from './heads/class-scores.ts';
import type { Head } from './heads/head.ts';
import { QueriesHead } from './heads/queries.ts';
import { isFloat, isList, named, shown } from './output-specs.ts';

type Labels = readonly (string | number)[] | undefined;

interface BoxesAndScores {
  readonly boxes: TensorSpec;
  readonly scores: TensorSpec;
}

const BOX = 4;
const BACKGROUND = /^_*background_*$/i;

/** @throws DetectionOptionsError if the outputs are not logits and boxes of queries */
export function queriesHeadOf(options: DetectionOptions, outputs: readonly TensorSpec[], labels: Labels): Head {
  const { boxes, scores } = boxesAndScores(options, outputs);
  const classes = scores.shape[2]!;
  const isOpen = classes === DYNAMIC || labels === undefined;
  const beside = isOpen ? undefined : classes - labels.length;
  if (beside !== undefined && beside !== 0 && beside !== 1)
    throw new DetectionOptionsError(
      `A detr head reads logits of each label, and with softmax one more for no object; with ${labels!.length} labels, ${shown([scores])} is neither: ` +
        'correct "labels" or "detection.outputs".',
    );
  const activation = options.activation ?? (beside === 0 ? 'sigmoid' : 'softmax');
  return new QueriesHead({ boxes: boxes.name, logits: scores.name }, options.form ?? 'centre', activation);
}

/** @throws DetectionOptionsError if the outputs are not boxes and scores of anchors */
export function classScoresHeadOf(options: DetectionOptions, outputs: readonly TensorSpec[], labels: Labels): Head {
  const { boxes, scores } = boxesAndScores(options, outputs);
  const anchors = boxes.shape[1]!;
  const fits = (size: number, other: number | undefined): boolean =>
    size === DYNAMIC || other === undefined || other === DYNAMIC || size === other;
  const axes = ([2, 1] as const).filter(
    (axis) => fits(scores.shape[axis]!, labels?.length) && fits(scores.shape[3 - axis]!, anchors),
  );
  if (axes.length === 0)
    throw new DetectionOptionsError(
      'A class-scores head reads boxes [N, anchors, 4] and scores [N, anchors, classes] or [N, classes, anchors]' +
        `${labels ? ` with ${labels.length} labels` : ''}; the model has ${shown([boxes, scores])}.`,
    );
  const background = labels?.findIndex((label) => BACKGROUND.test(String(label))) ?? -1;
  const names = { boxes: boxes.name, scores: scores.name, classAxis: axes[0]! };
  return new ClassScoresHead(names, options.form ?? 'corners', background === -1 ? undefined : background);
}

/** Identifies the outputs by the manifest, or else by their names, or else by their shapes. */
function boxesAndScores(options: DetectionOptions, outputs: readonly TensorSpec[]): BoxesAndScores {
  const { head, outputs: said } = options;
  const boxes = said ? named(said.boxes, outputs) : boxesAmong(outputs);
  const others = outputs.filter((output) => output !== boxes && isFloat(output, 3));
  const scores = said?.scores === undefined ? onlyOne(others, /logit|score|class|conf/i) : named(said.scores, outputs);
  if (said?.labels !== undefined)
    throw new DetectionOptionsError(`"detection.outputs" names labels, which a ${head} head has in its scores.`);
  if (boxes !== undefined && scores !== undefined && isFloat(boxes, 3) && isList(boxes, BOX) && isFloat(scores, 3))
    return { boxes, scores };
  throw new DetectionOptionsError(
    `A ${head} head reads an output [N, places, 4] of boxes and one of scores; among ${shown(outputs)} they are not told apart: ` +
      'name them as "detection": {"outputs": {"boxes": …, "scores": …}}.',
  );
}

const boxesAmong = (outputs: readonly TensorSpec[]): TensorSpec | undefined =>
  onlyOne(
    outputs.filter((output) => isFloat(output, 3) && isList(output, BOX)),
    /box|loc/i,
  );

/** The only output, or the only one with such a name. */
function onlyOne(outputs: readonly TensorSpec[], name: RegExp): TensorSpec | undefined {
  const called = outputs.length === 1 ? outputs : outputs.filter((output) => name.test(output.name));
  return called.length === 1 ? called[0] : undefined;
}
