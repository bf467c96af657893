import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import sharp from 'sharp';
import type { Signature, Size } from '#tensor';
import { type ImageOptions, ImageReader } from './index.ts';
import { sizesBySides } from './sides.ts';

const HERE = (): boolean => false;
const signatureOf = (...shape: number[]): Signature => ({
  inputs: [{ name: 'image', datatype: 'FP32', shape: [-1, ...shape] }],
  outputs: [],
});
const readerOf = (options: ImageOptions): ImageReader =>
  new ImageReader(options, signatureOf(3, -1, -1), { maxRows: 100 });
const plain = (width: number, height: number, red = 255): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: { r: red, g: 0, b: 0 } } })
    .png()
    .toBuffer();

const sized = (width: number, height: number): Size => ({ width, height });

// What torchvision 0.29.2 answers: _compute_resized_output_size of torchvision.transforms.functional.
test.each<[Size, ImageOptions, Size]>([
  [sized(640, 480), { shorterSide: 256 }, sized(341, 256)],
  [sized(480, 641), { shorterSide: 256 }, sized(256, 341)],
  [sized(1000, 667), { shorterSide: 800, longerSide: 1333 }, sized(1199, 800)],
  [sized(1920, 1080), { shorterSide: 800, longerSide: 1333 }, sized(1333, 749)],
  [sized(333, 1000), { shorterSide: 800, longerSide: 1333 }, sized(443, 1333)],
  [sized(3000, 200), { shorterSide: 256, longerSide: 300 }, sized(300, 20)],
  [sized(101, 99), { shorterSide: 50, longerSide: 60 }, sized(51, 50)],
  [sized(224, 224), { shorterSide: 224, longerSide: 300 }, sized(224, 224)],
])('as torchvision has it: %j by %j becomes %j', (picture, options, expected) => {
  expect(sizesBySides(options)(picture)).toEqual({ scaled: expected, field: expected });
});

// What Ultralytics 8.4.190 answers: LetterBox(new_shape=(640, 640), auto=True, stride=32).
test.each([
  [sized(1920, 1080), sized(640, 384)],
  [sized(500, 375), sized(640, 480)],
  [sized(33, 640), sized(64, 640)],
  [sized(810, 1080), sized(480, 640)],
  [sized(50, 40), sized(640, 512)],
  [sized(1280, 427), sized(640, 224)],
])('as Ultralytics has it: %j is put into %j', (picture, expected) => {
  expect(sizesBySides({ longerSide: 640, multipleOf: 32 })(picture).field).toEqual(expected);
});

// By hand, from the formula of PaddleOCR's DetResizeForTest with limit_type max.
test.each([
  [sized(1920, 1080), sized(960, 544)],
  [sized(500, 375), sized(512, 384)],
  [sized(700, 48), sized(704, 64)],
  [sized(40, 20), sized(32, 32)],
])('as PaddleOCR has it: %j is stretched to %j', (picture, expected) => {
  const options: ImageOptions = { longerSide: 960, enlarge: false, multipleOf: 32, fit: 'fill' };
  expect(sizesBySides(options)(picture)).toEqual({ scaled: expected, field: expected });
});

describe('whatever the picture', () => {
  const side = fc.integer({ min: 1, max: 5000 });
  const picture = fc.record({ width: side, height: side });
  const options = fc
    .record(
      {
        shorterSide: fc.integer({ min: 1, max: 1000 }),
        longerSide: fc.integer({ min: 1000, max: 2000 }),
        multipleOf: fc.integer({ min: 1, max: 64 }),
        enlarge: fc.boolean(),
        fit: fc.constantFrom('contain', 'fill'),
      },
      { requiredKeys: [] },
    )
    .filter(({ shorterSide, longerSide }) => shorterSide !== undefined || longerSide !== undefined);

  it('its proportions stay to within a pixel, and it lies in a field of multiples', () => {
    fc.assert(
      fc.property(picture, options, (size, wanted) => {
        const { multipleOf = 1, fit } = wanted;
        const { scaled, field } = sizesBySides(wanted)(size);
        for (const length of [field.width, field.height]) expect(length % multipleOf).toBe(0);
        const rest = [field.width - scaled.width, field.height - scaled.height];
        for (const length of rest) expect(length >= 0 && length < (fit === 'fill' ? 1 : multipleOf)).toBe(true);
        if (fit === 'fill') return;
        const byLonger = size.width > size.height ? scaled.width / size.width : scaled.height / size.height;
        const exact = Math.min(size.width, size.height) * byLonger;
        // What would have less than a pixel has one.
        const shorter = Math.min(scaled.width, scaled.height);
        expect(Math.abs(shorter - Math.max(1, exact))).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('it becomes no larger than the longer side, and without enlarging no larger than it is', () => {
    fc.assert(
      fc.property(picture, options, (size, { multipleOf: _, fit: _fit, ...wanted }) => {
        const { scaled } = sizesBySides(wanted)(size);
        expect(Math.max(scaled.width, scaled.height)).toBeLessThanOrEqual(wanted.longerSide ?? Infinity);
        if (wanted.enlarge !== false) return;
        expect(scaled.width <= size.width && scaled.height <= size.height).toBe(true);
      }),
    );
  });
});

describe('pictures of a request', () => {
  it('of one size are one tensor, in which each lies by its frame', async () => {
    const { inputs, groups, frames } = await readerOf({ longerSide: 8, multipleOf: 4 }).read(
      [await plain(16, 10, 1), await plain(32, 20, 2)],
      HERE,
    );
    expect([inputs['image']!.shape, groups]).toEqual([[2, 3, 8, 8], undefined]);
    expect(frames[1]).toEqual({
      picture: sized(32, 20),
      field: sized(8, 8),
      scale: { x: 1 / 4, y: 1 / 4 },
      offset: { x: 0, y: 1 },
    });
    const middles = [0, 1].map((row) => inputs['image']!.data[row * 3 * 64 + 4 * 8 + 4]);
    expect(middles).toEqual([1, 2]);
  });

  it('of different sizes are a tensor for each size, with what stands beside them', async () => {
    const signature: Signature = {
      inputs: [...signatureOf(3, -1, -1).inputs, { name: 'beside', datatype: 'FP32', shape: [-1, 1] }],
      outputs: [],
    };
    const beside = {
      names: new Set(['beside']),
      read: (records: readonly Record<string, unknown>[]) => {
        const data = Float32Array.from(records, ({ beside: value }) => Number(value));
        return { beside: { datatype: 'FP32', shape: [records.length, 1], data } as const };
      },
    };
    const reader = new ImageReader({ longerSide: 4 }, signature, { maxRows: 100, beside });
    const sent = [await plain(8, 4, 1), await plain(4, 8, 2), await plain(2, 1, 3)];
    const records = sent.map((file, row) => ({ image: file.toString('base64'), beside: row }));
    const { count, inputs, groups } = await reader.readRecords(records, new Set(['image', 'beside']), HERE)!;
    expect([count, Object.keys(inputs)]).toEqual([3, []]);
    expect(groups!.map(({ rows, inputs: { image } }) => [rows, image!.shape, image!.data[0]])).toEqual([
      [[0, 2], [2, 3, 2, 4], 1],
      [[1], [1, 3, 4, 2], 2],
    ]);
    expect(groups!.map((group) => [...(group.inputs['beside']!.data as Float32Array)])).toEqual([[0, 2], [1]]);
  });

  it('may be grey, or have their channels last', async () => {
    const read = async (options: ImageOptions, ...shape: number[]) =>
      (await new ImageReader(options, signatureOf(...shape), { maxRows: 1 }).read([await plain(8, 4)], HERE)).inputs[
        'image'
      ]!.shape;
    expect(await read({ longerSide: 4, layout: 'NHWC' }, -1, -1, 3)).toEqual([1, 2, 4, 3]);
    expect(await read({ longerSide: 4, channels: 1 }, -1, -1)).toEqual([1, 2, 4]);
  });
});

describe('what is too large is refused', () => {
  it('a thin picture whose longer side would become any length', async () => {
    const thin = await plain(1, 50_000);
    await expect(readerOf({ shorterSide: 800 }).read([thin], HERE)).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      message: expect.stringContaining('has 1 × 50000 pixels and would be scaled to 800 × 40000000'),
    });
    const { inputs } = await readerOf({ shorterSide: 800, longerSide: 1333 }).read([thin], HERE);
    expect(inputs['image']!.shape).toEqual([1, 3, 1333, 1]);
  });

  it('more pictures than tensors of 256 MiB', async () => {
    const square = await plain(4, 4);
    // 2,730 × 2,730 pixels of three floats are a third of it.
    const reading = readerOf({ longerSide: 2730 }).read([square, square, square, square], HERE);
    await expect(reading).rejects.toMatchObject({
      code: 'TOO_MANY_ROWS',
      message: expect.stringContaining('larger than 256 MiB: send fewer pictures at a time'),
    });
  });

  it('levels, whose size nobody knows', async () => {
    await expect(readerOf({ longerSide: 4 }).read([{ pixels: [1, 2, 3] }], HERE)).rejects.toMatchObject({
      code: 'INVALID_ROWS',
      message: expect.stringContaining('the model takes pictures of any size: send a file'),
    });
  });
});

describe('an image block is refused', () => {
  test.each<[string, ImageOptions, RegExp]>([
    ['without a size', {}, /needs "width" and "height", or/],
    ['with one side of a fixed size', { width: 8 }, /needs "width" and "height", or/],
    ['with two sizes', { width: 8, height: 8, longerSide: 8 }, /"shorterSide" or "longerSide" instead/],
    ['with a multiple of a fixed size', { width: 8, height: 8, multipleOf: 4 }, /"multipleOf", which needs/],
    ['with enlarge and a fixed size', { width: 8, height: 8, enlarge: false }, /"enlarge", which needs/],
    ['with sides that are cut', { longerSide: 8, fit: 'cover' }, /"fit": "cover", which needs/],
    ['with sides and a crop', { longerSide: 8, crop: 0.5 }, /"crop", which needs/],
    ['with sides and a drawing', { longerSide: 8, channels: 1, centre: true }, /"centre", which needs/],
    ['with sides in the wrong order', { shorterSide: 9, longerSide: 8 }, /longer than its "longerSide"/],
  ])('%s', (_, options, message) => {
    expect(() => readerOf(options)).toThrow(message);
  });

  it('where the model takes one size', () => {
    expect(() => new ImageReader({ longerSide: 8 }, signatureOf(3, 8, 8), { maxRows: 1 })).toThrow(
      'shape [N, 3, any, any]; image is FP32 [-1, 3, 8, 8]',
    );
  });
});
