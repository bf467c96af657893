import { describe, expect, it, test } from '@jest/globals';
import type { Frame, Signature, Tensor, TensorSpec } from '#tensor';
import type { DetectionOptions } from './detection-options.ts';
import { ClassScoresHead } from './heads/class-scores.ts';
import { openDetector } from './open-detector.ts';

const floats = (shape: readonly number[], ...data: number[]): Tensor => ({
  datatype: 'FP32',
  shape,
  data: new Float32Array(data),
});
const spec = (name: string, shape: readonly number[], datatype: TensorSpec['datatype'] = 'FP32'): TensorSpec => ({
  name,
  datatype,
  shape,
});
const model = (...outputs: TensorSpec[]): Signature => ({ inputs: [], outputs });
const objects = (
  options: DetectionOptions,
  outputs: Record<string, Tensor>,
  { row = 0, frame = undefined as Frame | undefined, labels = ['cat', 'dog'] } = {},
) => {
  const specs = Object.entries(outputs).map(([name, { datatype, shape }]) => spec(name, shape, datatype));
  return openDetector(options, model(...specs), labels).detect(outputs, row, frame);
};

/** A picture of 200 × 100 that fills the width of a field of 100 × 100, 25 pixels below its top. */
const FRAME: Frame = {
  picture: { width: 200, height: 100 },
  field: { width: 100, height: 100 },
  scale: { x: 0.5, y: 0.5 },
  offset: { x: 0, y: 25 },
};

describe('a head', () => {
  it('of scores for each class looks at a bounded number of candidates, the best ones', () => {
    const [anchors, classes] = [2000, 91];
    const scores = Float32Array.from({ length: anchors * classes }, (_, at) => (at + 1) / (anchors * classes + 1));
    const boxes = Float32Array.from({ length: anchors * 4 }, (_, at) => (at >> 2) * 10 + (at % 4 < 2 ? 0 : 5));
    const outputs = {
      boxes: { datatype: 'FP32', shape: [1, anchors, 4], data: boxes },
      scores: { datatype: 'FP32', shape: [1, anchors, classes], data: scores },
    } as const;
    const head = new ClassScoresHead({ boxes: 'boxes', scores: 'scores', classAxis: 2 }, 'corners', undefined);
    const found = head.candidates(outputs, 0, 0);
    expect(found.length).toBeLessThan(60_000);
    const best = found.toSorted((one, other) => other.score - one.score).slice(0, 30_000);
    expect(best.map(({ score }) => score)).toEqual([...scores.subarray(-30_000)].reverse());
    expect(best[0]).toMatchObject({ label: classes - 1, left: (anchors - 1) * 10 });
  });

  const box = { x: 10, y: 20, width: 20, height: 10 };

  it('of YOLOv5: a row a place, whose score is that of an object times that of its likeliest class', () => {
    const outputs = { output: floats([2, 1, 7], 0, 0, 1, 1, 0, 0, 0, 20, 25, 20, 10, 0.5, 0.25, 1) };
    const { detections } = objects({ head: 'yolov5' }, outputs, { row: 1 });
    expect(detections).toEqual([{ label: 'dog', score: 0.5, box }]);
    expect(objects({ head: 'yolov5' }, outputs).detections).toEqual([]);
  });

  it('of YOLOv8: a column a place, whose score is that of its likeliest class', () => {
    const outputs = { output0: floats([1, 6, 2], 20, 0, 25, 0, 20, 1, 10, 1, 0.25, 0, 0.75, 0.125) };
    expect(objects({ head: 'yolov8' }, outputs).detections).toEqual([{ label: 'dog', score: 0.75, box }]);
  });

  it('of three outputs, told apart by shape and type, with pictures or without', () => {
    const labels: Tensor = { datatype: 'INT64', shape: [1, 2], data: new BigInt64Array([0n, 1n]) };
    const outputs = { a: floats([1, 2, 4], 0, 0, 9, 9, 10, 20, 30, 30), b: labels, c: floats([1, 2], 0.1, 0.9) };
    expect(objects({ head: 'boxes' }, outputs).detections).toMatchObject([{ label: 'dog', box }]);
    const one = { a: floats([1, 4], 10, 20, 30, 30), label_b: floats([1], 7), c: floats([1], 0.5) };
    expect(objects({ head: 'boxes' }, one).detections).toEqual([{ label: '7', score: 0.5, box }]);
  });

  it('of DETR: logits, the last of which mean no object, and boxes as parts of the picture', () => {
    const logits = [0, Math.log(3), 0, 0, 0, Math.log(3)];
    const outputs = {
      logits: floats([1, 2, 3], ...logits),
      pred_boxes: floats([1, 2, 4], 0.2, 0.5, 0.2, 0.2, 0, 0, 1, 1),
    };
    const options: DetectionOptions = { head: 'detr' };
    const { detections } = objects(options, outputs, { frame: FRAME });
    expect(detections).toMatchObject([{ label: 'dog', box: { x: 20, y: 30, width: 40, height: 40 } }]);
    expect(detections[0]!.score).toBeCloseTo(0.6, 6);
    // The second query is most likely none; its labels are equally likely.
    const all = objects({ ...options, scoreThreshold: 0.1 }, outputs).detections;
    expect(all.map(({ label, score }) => `${label} ${score.toFixed(2)}`)).toEqual(['dog 0.60', 'cat 0.20']);
  });

  it('of DETR by sigmoid: as many classes as labels, each of which may be found', () => {
    const logit = (score: number): number => Math.log(score / (1 - score));
    const scores = [0.75, 0.5, 0.1, 0.2].map(logit);
    const outputs = { scores: floats([1, 2, 2], ...scores), boxes: floats([1, 2, 4], 20, 25, 20, 10, 0, 0, 1, 1) };
    const { detections } = objects({ head: 'detr', coordinates: 'pixels' }, outputs);
    expect(detections.map(({ label, box: one }) => [label, one])).toEqual([
      ['cat', box],
      ['dog', box],
    ]);
    const softmax: DetectionOptions = { head: 'detr', activation: 'softmax' };
    expect(objects(softmax, outputs).detections).toMatchObject([{ label: 'cat' }, { label: 'cat' }]);
  });

  test.each([
    ['anchor', [1, 2, 3], [0.1, 0.75, 0, 0.6, 0.1, 0.3]],
    ['class', [1, 3, 2], [0.1, 0.6, 0.75, 0.1, 0, 0.3]],
  ])('of a score for each class, %s by anchor: all but the background', (_, shape, scores) => {
    const outputs = { scores: floats(shape, ...scores), boxes: floats([1, 2, 4], 10, 20, 30, 30, 10, 20, 30, 30) };
    const labels = ['background', 'cat', 'dog'];
    const { detections } = objects({ head: 'class-scores' }, outputs, { labels });
    expect(detections.map(({ label, score }) => `${label} ${score.toFixed(2)}`)).toEqual(['cat 0.75', 'dog 0.30']);
    const over = { head: 'class-scores', scoreThreshold: 0.05 } as const;
    const thrice = objects({ ...over, overlapThreshold: 1 }, outputs, { labels }).detections;
    expect(thrice.map(({ label }) => label)).toEqual(['cat', 'dog', 'cat']);
    expect(objects(over, outputs, { labels }).detections).toHaveLength(2);
  });

  it('of one output that has all', () => {
    const outputs = { output0: floats([1, 2, 6], 10, 20, 30, 30, 0.5, 1, 0, 0, 0, 0, 0, 0) };
    expect(objects({ head: 'boxes' }, outputs).detections).toEqual([{ label: 'dog', score: 0.5, box }]);
  });

  test.each([
    ['corners-yx', [20, 10, 30, 30]],
    ['centre', [20, 25, 20, 10]],
    ['corner-size', [10, 20, 20, 10]],
  ] as const)('with boxes as %s', (form, numbers) => {
    const outputs = { boxes: floats([1, 1, 6], ...numbers, 0.5, 0) };
    expect(objects({ head: 'boxes', form }, outputs).detections).toMatchObject([{ box }]);
  });
});

describe('a box', () => {
  it('is in the pixels of the picture that was sent, without what lies outside', () => {
    const outputs = { boxes: floats([1, 2, 6], 10, 35, 30, 45, 0.75, 0, -5, 20, 105, 50, 0.5, 0) };
    expect(objects({ head: 'boxes' }, outputs, { frame: FRAME }).detections).toMatchObject([
      { box: { x: 20, y: 20, width: 40, height: 20 } },
      { box: { x: 0, y: 0, width: 200, height: 50 } },
    ]);
  });

  it('of relative coordinates likewise; where no picture was sent, it stays as it is', () => {
    const outputs = { boxes: floats([1, 1, 6], 0.125, 0.375, 0.25, 0.5, 0.75, 0) };
    const options: DetectionOptions = { head: 'boxes', coordinates: 'relative' };
    expect(objects(options, outputs, { frame: FRAME }).detections).toMatchObject([
      { box: { x: 25, y: 25, width: 25, height: 25 } },
    ]);
    expect(objects(options, outputs).detections).toMatchObject([{ box: { x: 0.125, y: 0.375 } }]);
  });

  it('that is not finite is left out, and counted', () => {
    const outputs = { boxes: floats([1, 3, 6], NaN, 0, 1, 1, 0.75, 0, 0, 0, Infinity, 1, 0.5, 0, 0, 0, 1, 1, NaN, 0) };
    expect(objects({ head: 'boxes' }, outputs)).toEqual({ detections: [], lost: 2 });
  });
});

describe('overlaps', () => {
  // The second and the third cover the first to a half; the third has another label.
  const boxes = [0, 0, 10, 10, 0.5, 0, 0, 0, 10, 5, 0.75, 0, 0, 0, 10, 5, 0.625, 1, 50, 50, 60, 60, 0.3, 0];
  const outputs = { boxes: floats([1, 4, 6], ...boxes) };
  const scores = (options: Partial<DetectionOptions>) =>
    objects({ head: 'boxes', ...options }, outputs).detections.map(
      ({ score, label }) => `${label} ${score.toFixed(3)}`,
    );

  it('within a label leave the best of them, above the threshold', () => {
    expect(scores({ overlapThreshold: 0.49 })).toEqual(['cat 0.750', 'dog 0.625', 'cat 0.300']);
    expect(scores({ overlapThreshold: 0.5 })).toEqual(['cat 0.750', 'dog 0.625', 'cat 0.500', 'cat 0.300']);
  });

  it('stay where nothing is said of them, and the best come first', () => {
    expect(scores({ scoreThreshold: 0.5 })).toEqual(['cat 0.750', 'dog 0.625']);
    expect(scores({ maxDetections: 3 })).toEqual(['cat 0.750', 'dog 0.625', 'cat 0.500']);
  });
});

test.each<[string, DetectionOptions, TensorSpec[], string]>([
  [
    'the other head',
    { head: 'yolov8' },
    [spec('output0', [1, 300, 7])],
    'with 2 labels, output0 (FP32 [1, 300, 7]) is',
  ],
  ['a rank', { head: 'yolov5' }, [spec('y', [1, 7])], 'reads an output [N, places, 5 + classes] of floats'],
  ['a name', { head: 'yolov5', outputs: { boxes: 'x' } }, [spec('y', [1, 9, 7])], 'The model has no output x'],
  ['what has all', { head: 'yolov5', outputs: { boxes: 'y', scores: 'y' } }, [spec('y', [1, 9, 7])], 'has all in one'],
  ['unclear outputs', { head: 'boxes' }, [spec('a', [-1, 4]), spec('b', [-1, 4])], 'are not told apart'],
  [
    'one of two',
    { head: 'boxes', outputs: { boxes: 'a', scores: 'b' } },
    [spec('a', [-1, 4]), spec('b', [-1])],
    'both',
  ],
  ['too little', { head: 'boxes', outputs: { boxes: 'a' } }, [spec('a', [-1, 4])], 'is [N, boxes, 6]'],
  [
    'logits of other classes',
    { head: 'detr' },
    [spec('logits', [-1, 9, 5]), spec('pred_boxes', [-1, 9, 4])],
    'with 2 labels, logits (FP32 [-1, 9, 5]) is neither',
  ],
  ['no boxes', { head: 'detr' }, [spec('logits', [-1, 9, 3])], 'they are not told apart'],
  ['an activation without a use', { head: 'boxes', activation: 'sigmoid' }, [], 'is for a detr head, not for boxes'],
  [
    'labels of their own',
    { head: 'class-scores', outputs: { boxes: 'b', scores: 's', labels: 's' } },
    [spec('b', [-1, 9, 4]), spec('s', [-1, 9, 2])],
    'which a class-scores head has in its scores',
  ],
  [
    'scores of other anchors',
    { head: 'class-scores' },
    [spec('boxes', [-1, 9, 4]), spec('scores', [-1, 8, 2])],
    'with 2 labels; the model has boxes',
  ],
  [
    'scores that are no list',
    { head: 'boxes', outputs: { boxes: 'a', scores: 'b', labels: 'c' } },
    [spec('a', [-1, 9, 4]), spec('b', [-1]), spec('c', [-1, 9])],
    'Boxes are [N, boxes, 4] with scores [N, boxes]',
  ],
])('options that do not fit are refused: %s', (_, options, outputs, message) => {
  expect(() => openDetector(options, model(...outputs), ['a', 'b'])).toThrow(
    expect.objectContaining({ name: 'DetectionOptionsError', message: expect.stringContaining(message) }),
  );
});
