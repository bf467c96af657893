import { expect, test } from '@jest/globals';
import { modelOf } from '../testing/graphs.fixture.ts';
import { type Metadata, readMetadata } from './read-metadata.ts';

const file = (metadata: Record<string, string>) => ({ ...modelOf({ inputs: {}, nodes: [] }), metadata });

test.each<[string, Record<string, string>, Metadata]>([
  ['nothing that is used', { author: 'somebody' }, {}],
  [
    'a picture and its classes, as Ultralytics writes them',
    { names: "{0: 'cat', 1: 'dog'}", imgsz: '[224, 320]', stride: '1', task: 'classify' },
    {
      labels: ['cat', 'dog'],
      picture: { height: 224, width: 320, isClassified: true },
      yolo: { task: 'classify', isSuppressed: false, stride: 1 },
    },
  ],
  [
    'a square picture with boxes',
    { names: '["cat"]', imgsz: '640', task: 'detect' },
    { labels: ['cat'], picture: { height: 640, width: 640, isClassified: false } },
  ],
  [
    'a detector that suppresses overlaps itself',
    { stride: '32', task: 'detect', end2end: 'True', args: "{'batch': 1, 'nms': False}" },
    { yolo: { task: 'detect', isSuppressed: true, stride: 32 } },
  ],
  [
    'a detector with NMS, of several strides',
    { stride: '[8, 64]', args: "{'nms': True}" },
    { yolo: { task: undefined, isSuppressed: true, stride: 64 } },
  ],
  ['characters, a line each', { character: "'\n!\n,\n" }, { labels: ["'", '!', ','] }],
  ['columns as a list', { feature_names: "['a', 'b c']" }, { features: ['a', 'b c'] }],
  ['columns between spaces', { feature_names: 'Column_0 Column_1' }, { features: ['Column_0', 'Column_1'] }],
  ['columns between commas', { feature_names: 'a b, c' }, { features: ['a b', 'c'] }],
  ['what cannot be read', { names: "{0: 'cat'", imgsz: '[0, 1]', feature_names: ' ' }, {}],
])('%s', (_, metadata, expected) => {
  expect(readMetadata(file(metadata))).toEqual(expected);
});
