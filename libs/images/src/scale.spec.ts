import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { type ImageOptions, ImageReader } from '#images';
import type { Frame, Size } from '#tensor';

type Sized = ImageOptions & Size;

const [WIDTH, HEIGHT] = [23, 17];
/** Levels without a pattern, by place and channel. */
const levelAt = (x: number, y: number, channel: number): number => (x * 53 + y * 97 + x * y * 29 + channel * 71) % 256;

async function read(options: Sized): Promise<{ levels: Float32Array; frame: Frame }> {
  const raw = { width: WIDTH, height: HEIGHT, channels: 3 } as const;
  const pixels = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, at) =>
    levelAt(Math.floor(at / 3) % WIDTH, Math.floor(at / 3 / WIDTH), at % 3),
  );
  const file = await sharp(pixels, { raw }).png().toBuffer();
  const shape = [-1, options.height, options.width, 3];
  const signature = { inputs: [{ name: 'x', datatype: 'FP32', shape }], outputs: [] } as const;
  const reader = new ImageReader({ layout: 'NHWC', ...options }, signature, { maxRows: 1 });
  const { inputs, frames } = await reader.read([file], () => false);
  return { levels: inputs['x']!.data as Float32Array, frame: frames[0]! };
}

const within = (value: number, most: number): number => Math.min(most, Math.max(0, value));

/** The level between the four pixels around a point; beyond the border, that of the border. */
function between(x: number, y: number, channel: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const at = (column: number, row: number): number =>
    levelAt(within(column, WIDTH - 1), within(row, HEIGHT - 1), channel);
  const across = (row: number): number => at(left, row) * (left + 1 - x) + at(left + 1, row) * (x - left);
  return across(top) * (top + 1 - y) + across(top + 1) * (y - top);
}

/** The largest difference from the level at the middle of each output pixel, where the frame says that it lies in the picture. */
function farthest({ levels, frame: { field, scale, offset } }: Awaited<ReturnType<typeof read>>): number {
  const differences = Array.from(levels, (level, at) => {
    const [x, y] = [Math.floor(at / 3) % field.width, Math.floor(at / 3 / field.width)];
    const [sourceX, sourceY] = [(x + 0.5 - offset.x) / scale.x - 0.5, (y + 0.5 - offset.y) / scale.y - 0.5];
    return Math.abs(level - between(sourceX, sourceY, at % 3));
  });
  return Math.max(...differences);
}

describe('a value is that of the middle of its pixel', () => {
  it.each<[string, Sized]>([
    ['enlarged', { width: 61, height: 40, fit: 'fill' }],
    ['enlarged along one axis', { width: 61, height: HEIGHT, fit: 'fill' }],
    ['enlarged, of which the middle is cut out', { width: 40, height: 40, crop: 0.5 }],
    ['scaled down without antialiasing', { width: 10, height: 7, fit: 'fill', antialias: false }],
    ['enlarged across, and down without antialiasing', { width: 50, height: 6, fit: 'fill', antialias: false }],
    ['cut out without antialiasing', { width: 6, height: 9, antialias: false }],
    ['as it is', { width: WIDTH, height: HEIGHT }],
  ])('%s', async (_, options) => {
    expect(farthest(await read(options))).toBeLessThanOrEqual(1);
  });
});

it('of the nearest pixel is a level of the picture', async () => {
  const { levels } = await read({ width: 50, height: 11, fit: 'fill', scaling: 'nearest' });
  const expected = Array.from(levels, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % 50, Math.floor(at / 3 / 50)];
    return levelAt(Math.floor(((x + 0.5) * WIDTH) / 50), Math.floor(((y + 0.5) * HEIGHT) / 11), at % 3);
  });
  expect([...levels]).toEqual(expected);
});

describe('a picture that is fitted in', () => {
  /** The columns and rows of a field that have its background alone. */
  async function margins(options: Sized): Promise<{ left: number; right: number; top: number; bottom: number }> {
    const { levels } = await read({ ...options, fit: 'contain', background: [114, 115, 116] });
    const { width, height } = options;
    const isRest = (x: number, y: number): boolean =>
      [0, 1, 2].every((channel) => levels[(y * width + x) * 3 + channel] === 114 + channel);
    const columns = Array.from({ length: width }, (_, x) =>
      Array.from({ length: height }, (_y, y) => isRest(x, y)).every(Boolean),
    );
    const rows = Array.from({ length: height }, (_, y) =>
      Array.from({ length: width }, (_x, x) => isRest(x, y)).every(Boolean),
    );
    return {
      left: columns.indexOf(false),
      right: columns.toReversed().indexOf(false),
      top: rows.indexOf(false),
      bottom: rows.toReversed().indexOf(false),
    };
  }

  it.each<[string, Sized, Awaited<ReturnType<typeof margins>>]>([
    // 23 × 17 becomes 46 × 34, and of the odd rest of 11 the smaller half lies at the top.
    ['lies in the middle', { width: 46, height: 45 }, { left: 0, right: 0, top: 5, bottom: 6 }],
    ['or at the top left', { width: 46, height: 45, position: 'top-left' }, { left: 0, right: 0, top: 0, bottom: 11 }],
    ['or between two sides', { width: 60, height: 34 }, { left: 7, right: 7, top: 0, bottom: 0 }],
  ])('%s', async (_, options, expected) => {
    expect(await margins(options)).toEqual(expected);
  });
});
