import { describe, expect, it } from '@jest/globals';
import { seenPicture } from './seen-picture.ts';

const levelsOf = ({ levels }: { levels: string }) => [...Buffer.from(levels, 'base64')];

describe('seenPicture', () => {
  it('takes scaling and standardising back, each channel with its own, in the order of the layout', () => {
    const levels = [
      [0, 51, 255, 102],
      [10, 20, 30, 40],
      [250, 240, 230, 220],
    ];
    const [mean, deviation] = [
      [0.5, 0.4, 0.3],
      [0.2, 0.3, 0.4],
    ];
    const planes = levels.map((plane, channel) =>
      plane.map((level) => (level / 255 - mean[channel]!) / deviation[channel]!),
    );
    const seen = seenPicture(
      { datatype: 'FP32', shape: [1, 3, 2, 2], data: Float32Array.from(planes.flat()) },
      { width: 2, height: 2, scale: 1 / 255, mean, deviation },
    );
    expect(seen).toMatchObject({ width: 2, height: 2, channels: 3 });
    expect(levelsOf(seen)).toEqual([0, 10, 250, 51, 20, 240, 255, 30, 230, 102, 40, 220]);
  });

  it.each([
    ['NCHW', [1, 3, 1, 2], [1, 3, 5, 2, 4, 6]],
    ['NHWC', [1, 1, 2, 3], [1, 2, 3, 4, 5, 6]],
  ] as const)('has the size of its tensor where the model takes any, %s', (layout, shape, expected) => {
    const data = Uint8Array.of(1, 2, 3, 4, 5, 6);
    const seen = seenPicture({ datatype: 'UINT8', shape, data }, { longerSide: 2, layout });
    expect(seen).toMatchObject({ width: 2, height: 1 });
    expect(levelsOf(seen)).toEqual(expected);
  });

  it('takes bytes with the channels last as they are', () => {
    const data = Uint8Array.of(1, 2, 3, 4, 5, 6);
    const image = { width: 2, height: 1, layout: 'NHWC' } as const;
    expect(levelsOf(seenPicture({ datatype: 'UINT8', shape: [1, 1, 2, 3], data }, image))).toEqual([...data]);
    const blueFirst = seenPicture({ datatype: 'UINT8', shape: [1, 1, 2, 3], data }, { ...image, order: 'BGR' });
    expect(levelsOf(blueFirst)).toEqual([3, 2, 1, 6, 5, 4]);
  });
});
