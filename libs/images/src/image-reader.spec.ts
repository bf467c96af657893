import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import sharp, { type Color, type Sharp } from 'sharp';
import { NestorError } from '#errors';
import { OnnxSession, readSource } from '#onnx';
import type { Signature, TensorSpec } from '#tensor';
import { type ImageOptions, ImageReader, type PictureSource } from './index.ts';

const HERE = (): boolean => false;
const signatureOf = (input: Partial<TensorSpec>): Signature => ({
  inputs: [{ name: 'image', datatype: 'FP32', shape: [-1, 3, 2, 2], ...input }],
  outputs: [],
});
const readerOf = (options: ImageOptions, input: Partial<TensorSpec>): ImageReader =>
  new ImageReader(options, signatureOf(input), { maxRows: 100 });
/** The tensor of one picture as numbers. */
const tensorOf = async (reader: ImageReader, picture: PictureSource): Promise<number[]> => [
  ...((await reader.read([picture], HERE)).inputs['image']!.data as Float32Array),
];

const RED = { r: 255, g: 0, b: 0 };
const plain = (width: number, height: number, background: Color = RED): Sharp =>
  sharp({ create: { width, height, channels: 3, background } });
/** Left half red, right half blue. */
const halves = async (width: number, height: number): Promise<Sharp> =>
  plain(width, height).composite([
    {
      input: await plain(width / 2, height, '#0000ff')
        .png()
        .toBuffer(),
      left: width / 2,
      top: 0,
    },
  ]);

describe('the digits model sees what it was trained on', () => {
  const golden: { records: { pixels: number[] }[]; prediction: string[]; probabilities: Record<string, number>[] } =
    JSON.parse(readFileSync('models/digits/training/golden.json', 'utf8'));
  const { image }: { image: ImageOptions } = JSON.parse(readFileSync('models/digits/model.json', 'utf8'));
  let session: OnnxSession;

  beforeAll(async () => {
    session = await OnnxSession.open(await readSource('models/digits/1/model.onnx'), { intraOpThreads: 1 });
  });
  afterAll(() => session.close());

  const raw = (pixels: readonly number[]): Sharp =>
    sharp(Uint8Array.from(pixels), { raw: { width: 28, height: 28, channels: 1 } });
  const sized = (pixels: readonly number[], side: number): Sharp =>
    raw(pixels).resize({ width: side, height: side, kernel: 'nearest' });
  const WHITE = '#ffffff';

  it.each<[string, number, (pixels: number[]) => Promise<PictureSource>]>([
    ['pixels', 1e-6, async (pixels) => ({ pixels })],
    ['PNG', 1e-6, (pixels) => raw(pixels).png().toBuffer()],
    ['grey PNG', 1e-6, (pixels) => raw(pixels).toColourspace('b-w').png().toBuffer()],
    ['16-bit PNG', 1e-6, (pixels) => raw(pixels).toColourspace('rgb16').png().toBuffer()],
    ['lossless WebP', 1e-6, (pixels) => raw(pixels).webp({ lossless: true }).toBuffer()],
    ['PNG of 56 × 56', 1e-6, (pixels) => sized(pixels, 56).png().toBuffer()],
    ['PNG of 280 × 280', 1e-6, (pixels) => sized(pixels, 280).png().toBuffer()],
    [
      'PNG of 490 × 390, with uneven margins',
      1e-6,
      async (pixels) =>
        sharp(await sized(pixels, 280).png().toBuffer())
          .extend({ top: 13, bottom: 97, left: 200, right: 10, background: WHITE })
          .png()
          .toBuffer(),
    ],
    ['JPEG', 0.1, (pixels) => raw(pixels).jpeg({ quality: 90 }).toBuffer()],
    ['JPEG of 56 × 56', 0.1, (pixels) => sized(pixels, 56).jpeg({ quality: 90 }).toBuffer()],
    ['JPEG of 280 × 280', 0.1, (pixels) => sized(pixels, 280).jpeg({ quality: 90 }).toBuffer()],
    ['JPEG of 1120 × 1120', 0.25, (pixels) => sized(pixels, 1120).jpeg({ quality: 90 }).toBuffer()],
  ])('as %s, within %d of every probability', async (_name, tolerance, render) => {
    const reader = new ImageReader(image, session.signature, { maxRows: 1000 });
    const pictures = await Promise.all(golden.records.map(({ pixels }) => render(pixels)));
    const { inputs } = await reader.read(pictures, HERE);
    const { label, probabilities } = await session.run(inputs);
    expect([...(label!.data as BigInt64Array)].map(String)).toEqual(golden.prediction);
    const differences = golden.probabilities.map((expected, row) =>
      Math.max(
        ...Object.values(expected).map((value, at) => Math.abs((probabilities!.data[row * 10 + at] as number) - value)),
      ),
    );
    expect(Math.max(...differences)).toBeLessThan(tolerance);
  });
});

describe('the tensor', () => {
  it('is standardised a channel, in either layout', async () => {
    const options: ImageOptions = {
      width: 2,
      height: 2,
      scale: 1 / 255,
      mean: [0.5, 0.25, 0],
      deviation: [0.5, 0.25, 2],
    };
    const picture = await plain(2, 2, { r: 255, g: 0, b: 51 }).png().toBuffer();
    const nchw = await tensorOf(readerOf(options, {}), picture);
    const [red, green, blue] = [1, -1, Math.fround(0.1)];
    expect(nchw).toEqual([red, red, red, red, green, green, green, green, blue, blue, blue, blue]);
    const nhwc = await tensorOf(readerOf({ ...options, layout: 'NHWC' }, { shape: [-1, 2, 2, 3] }), picture);
    expect(nhwc).toEqual([red, green, blue, red, green, blue, red, green, blue, red, green, blue]);
  });

  it('holds levels as they are for UINT8, and halves for FP16', async () => {
    const picture = await plain(2, 2, { r: 7, g: 8, b: 255 }).png().toBuffer();
    const options: ImageOptions = { width: 2, height: 2, layout: 'NHWC' };
    const bytes = await readerOf(options, { datatype: 'UINT8', shape: [-1, 2, 2, 3] }).read([picture], HERE);
    expect(bytes.inputs['image']).toMatchObject({ datatype: 'UINT8', shape: [1, 2, 2, 3] });
    expect([...(bytes.inputs['image']!.data as Uint8Array)].slice(0, 3)).toEqual([7, 8, 255]);
    const half = await readerOf({ ...options, scale: 1 / 255 }, { datatype: 'FP16', shape: [-1, 2, 2, 3] }).read(
      [picture],
      HERE,
    );
    expect((half.inputs['image']!.data as Uint16Array)[2]).toBe(0x3c00);
  });

  it.each([
    ['[N, H, W]', [-1, 2, 2]],
    ['[N, H · W]', [-1, 4]],
    ['[1, 1, H, W]', [1, 1, 2, 2]],
  ])('may have no channel of its own where pictures are grey: %s', async (_shape, shape) => {
    const reader = readerOf({ width: 2, height: 2, channels: 1 }, { shape });
    expect(await tensorOf(reader, { pixels: [1, 2, 3, 4] })).toEqual([1, 2, 3, 4]);
  });

  it('has the pictures of a request as its rows, in their order', async () => {
    const pictures = await Promise.all(
      Array.from({ length: 20 }, (_, level) => plain(3, 3, { r: level, g: 0, b: 0 }).png().toBuffer()),
    );
    const { count, inputs } = await readerOf({ width: 2, height: 2 }, {}).read(pictures, HERE);
    expect([count, inputs['image']!.shape]).toEqual([20, [20, 3, 2, 2]]);
    const firsts = pictures.map((_, row) => inputs['image']!.data[row * 12]);
    expect(firsts).toEqual(pictures.map((_, row) => row));
  });
});

describe('a picture of other proportions', () => {
  // 40 × 20 pixels: red, then blue; the input is 4 × 4.
  const bySide = async (
    options: Partial<ImageOptions>,
  ): Promise<{ left: number[]; right: number[]; top: number[] }> => {
    const file = await (await halves(40, 20)).png().toBuffer();
    const tensor = await tensorOf(
      readerOf({ width: 4, height: 4, layout: 'NHWC', ...options }, { shape: [-1, 4, 4, 3] }),
      file,
    );
    const at = (row: number, column: number): number[] =>
      tensor.slice((row * 4 + column) * 3, (row * 4 + column) * 3 + 3);
    return { left: at(2, 0), right: at(2, 3), top: at(0, 0) };
  };

  it('is cut evenly by default', async () => {
    expect(await bySide({})).toEqual({ left: [255, 0, 0], right: [0, 0, 255], top: [255, 0, 0] });
  });

  it('is fitted in, on white, with contain', async () => {
    expect(await bySide({ fit: 'contain' })).toMatchObject({
      left: [255, 0, 0],
      right: [0, 0, 255],
      top: [255, 255, 255],
    });
  });

  it('lies where position says, on the background', async () => {
    const background = [114, 115, 116];
    const centred = await bySide({ fit: 'contain', background });
    expect(centred).toMatchObject({ left: [255, 0, 0], right: [0, 0, 255], top: background });
    const reader = readerOf(
      { width: 4, height: 4, layout: 'NHWC', fit: 'contain', position: 'top-left', background },
      { shape: [-1, 4, 4, 3] },
    );
    const tensor = await tensorOf(reader, await (await halves(40, 20)).png().toBuffer());
    expect([tensor.slice(0, 3), tensor.slice(-3)]).toEqual([[255, 0, 0], background]);
  });

  it('has its colours in the order that the model takes, planes and pixels alike', async () => {
    const file = await plain(8, 8, { r: 1, g: 2, b: 3 }).png().toBuffer();
    const pixels = readerOf({ width: 2, height: 2, layout: 'NHWC', order: 'BGR' }, { shape: [-1, 2, 2, 3] });
    expect((await tensorOf(pixels, file)).slice(0, 3)).toEqual([3, 2, 1]);
    const planes = readerOf({ width: 2, height: 2, order: 'BGR', mean: [3, 0, 0] }, {});
    expect(await tensorOf(planes, file)).toEqual([0, 0, 0, 0, 2, 2, 2, 2, 1, 1, 1, 1]);
  });

  it('is scaled as scaling says', async () => {
    const file = await (await halves(6, 6)).png().toBuffer();
    const levels = async (scaling: NonNullable<ImageOptions['scaling']>) =>
      new Set(await tensorOf(readerOf({ width: 4, height: 4, scaling }, { shape: [-1, 3, 4, 4] }), file));
    expect(await levels('nearest')).toEqual(new Set([255, 0]));
    expect((await levels('bilinear')).size).toBeGreaterThan(2);
    expect(await levels('bicubic')).not.toEqual(await levels('bilinear'));
  });

  it('is stretched with fill', async () => {
    expect(await bySide({ fit: 'fill' })).toEqual({ left: [255, 0, 0], right: [0, 0, 255], top: [255, 0, 0] });
  });

  it('becomes what Pillow and torchvision make of it', async () => {
    const pillow: { width: number; height: number; levels: number[] } = JSON.parse(
      readFileSync('libs/images/src/testing/pillow.json', 'utf8'),
    );
    const { width, height, levels } = pillow;
    const source = Uint8Array.from({ length: width * height * 3 }, (_, at) => {
      const [x, y, channel] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width), at % 3];
      return Math.floor((3 * x * x + 5 * y * y + x * y * (channel + 1)) / 7) % 256;
    });
    const file = await sharp(source, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer();
    const options: ImageOptions = { width: 14, height: 14, crop: 0.875, layout: 'NHWC' };
    const tensor = await tensorOf(readerOf(options, { shape: [-1, 14, 14, 3] }), file);
    const differences = tensor.map((level, at) => Math.abs(level - levels[at]!));
    expect(tensor).toHaveLength(levels.length);
    expect(Math.max(...differences)).toBeLessThanOrEqual(2);
  });

  it('loses its border with crop, as ImageNet models are trained', async () => {
    // A frame of 32 pixels around 256 − 64: with crop 0.875 of 224 its outer half is cut off.
    const framed = await sharp(await plain(224, 224, '#ffffff').png().toBuffer())
      .extend({ top: 16, bottom: 16, left: 16, right: 16, background: '#000000' })
      .png()
      .toBuffer();
    const spec = { shape: [-1, 3, 224, 224] };
    const whole = await tensorOf(readerOf({ width: 224, height: 224 }, spec), framed);
    const cropped = await tensorOf(readerOf({ width: 224, height: 224, crop: 0.875 }, spec), framed);
    expect([new Set(whole).has(0), new Set(cropped)]).toEqual([true, new Set([255])]);
  });
});

describe('an option without effect', () => {
  it.each<[Partial<ImageOptions>, RegExp]>([
    [{ channels: 1, order: 'BGR' }, /"order" of colours for one channel/],
    [{ background: [0, 0, 0] }, /"background", which needs "fit": "contain"/],
    [{ fit: 'fill', position: 'top-left' }, /"position", which needs "fit": "contain"/],
  ])('is refused: %j', (options, message) => {
    const { channels = 3 } = options;
    expect(() => readerOf({ width: 2, height: 2, ...options }, { shape: [-1, channels, 2, 2] })).toThrow(message);
  });
});

describe('what is unusual about a file', () => {
  const reader = readerOf({ width: 2, height: 2, layout: 'NHWC' }, { shape: [-1, 2, 2, 3] });
  const near = (tensor: readonly number[], expected: readonly number[], tolerance: number): void =>
    expected.forEach((value, at) => expect(Math.abs(tensor[at]! - value)).toBeLessThanOrEqual(tolerance));

  it('EXIF orientation: it is turned upright', async () => {
    const turned = await (await halves(16, 16)).jpeg({ quality: 100 }).withMetadata({ orientation: 6 }).toBuffer();
    // Turned clockwise, the left half is on top.
    const tensor = await tensorOf(reader, turned);
    near(tensor.slice(0, 3), [255, 0, 0], 40);
    near(tensor.slice(3, 6), [255, 0, 0], 40);
    near(tensor.slice(6, 9), [0, 0, 255], 40);
  });

  it('transparency: it is laid on white', async () => {
    const half = await sharp({
      create: { width: 8, height: 8, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0.5 } },
    })
      .png()
      .toBuffer();
    near(await tensorOf(reader, half), [255, 127, 127], 2);
  });

  it('16 bits with transparency: likewise', async () => {
    const clear = await sharp({
      create: { width: 8, height: 8, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    })
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    expect((await sharp(clear).metadata()).depth).toBe('ushort');
    near(await tensorOf(reader, clear), [255, 255, 255], 0);
  });

  it('CMYK: it becomes red, green, blue', async () => {
    const cmyk = await plain(16, 16, '#ffffff').toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk');
    near(await tensorOf(reader, cmyk), [255, 255, 255], 6);
  });

  it('a palette, or one bit a pixel: as any other', async () => {
    near(await tensorOf(reader, await plain(8, 8).png({ palette: true, colours: 2 }).toBuffer()), [255, 0, 0], 0);
    const bit = await plain(8, 8, '#ffffff').toColourspace('b-w').png({ palette: true, colours: 2 }).toBuffer();
    near(await tensorOf(reader, bit), [255, 255, 255], 0);
  });
});

describe('what cannot be read', () => {
  const reader = readerOf({ width: 2, height: 2 }, {});
  const refused = async (...pictures: PictureSource[]): Promise<NestorError> => {
    const error = await reader.read(pictures, HERE).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(NestorError);
    return error as NestorError;
  };
  const noise = (): Sharp =>
    sharp({
      create: {
        width: 200,
        height: 200,
        channels: 3,
        background: '#000',
        noise: { type: 'gaussian', mean: 128, sigma: 40 },
      },
    });

  it.each(['png', 'jpeg', 'webp'] as const)('a %s that is cut off', async (format) => {
    const file = await noise().toFormat(format).toBuffer();
    for (const part of [0.1, 0.5, 0.95]) {
      const error = await refused(file.subarray(0, Math.floor(file.length * part)));
      expect([error.code, error.message]).toEqual([
        'INVALID_IMAGE',
        expect.stringContaining('row 0: could not be decoded'),
      ]);
    }
  });

  it('an animation', async () => {
    const frames = await Promise.all([RED, '#00ff00'].map((colour) => plain(8, 8, colour).png().toBuffer()));
    const animated = await sharp(frames, { join: { animated: true } })
      .webp({ loop: 0, delay: [100, 100] })
      .toBuffer();
    expect(await refused(animated)).toMatchObject({
      code: 'INVALID_IMAGE',
      message: expect.stringContaining('2 frames'),
    });
  });

  it.each([
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
    ['text', Buffer.from('hello')],
    ['nothing', Buffer.alloc(0)],
  ])('%s', async (_what, file) => {
    expect((await refused(file)).code).toBe('INVALID_IMAGE');
  });

  it('a GIF and a TIFF', async () => {
    for (const format of ['gif', 'tiff'] as const) {
      const error = await refused(await plain(8, 8).toFormat(format).toBuffer());
      expect(error.message).toContain('is no PNG, JPEG or WebP file');
    }
  });

  it('a decompression bomb: a small file of very many pixels', async () => {
    const bomb = await sharp({
      create: { width: 7200, height: 7200, channels: 3, background: '#000' },
      limitInputPixels: false,
    })
      .png({ compressionLevel: 9 })
      .toBuffer();
    expect(bomb.length).toBeLessThan(2_000_000);
    expect(await refused(bomb)).toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      message: expect.stringContaining('7200 × 7200'),
    });
  });

  it('pixels that are too few, or no levels', async () => {
    expect((await refused({ pixels: [1, 2, 3] })).message).toContain('has 3 pixels; 12 are expected (2 × 2, 3 a pixel');
    for (const level of [-1, 256, 1.5, '7', null])
      expect((await refused({ pixels: Array(12).fill(level) })).message).toContain('pixels[0]');
  });

  it('some of several: each is named by its row', async () => {
    const good = await plain(4, 4).png().toBuffer();
    const error = await refused(good, Buffer.from('hello'), good, { pixels: [] });
    expect(error.errors.map(({ row }) => row)).toEqual([1, 3]);
    expect(error.message).toBe('row 1: is no PNG, JPEG or WebP file (and 1 more)');
  });

  it('more pictures than allowed', async () => {
    const { code } = await refused(...Array<PictureSource>(101).fill({ pixels: [] }));
    expect(code).toBe('TOO_MANY_ROWS');
  });

  it('pictures of a client that has left', async () => {
    const gone = reader.read([await plain(4, 4).png().toBuffer()], () => true);
    await expect(gone).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('a blank picture, where a drawing is to be centred', async () => {
    const drawing = readerOf(
      { width: 4, height: 4, channels: 1, centre: true, invert: true },
      { shape: [-1, 1, 4, 4] },
    );
    const blank = drawing.read([await plain(30, 30, '#f0f0f0').png().toBuffer()], HERE);
    await expect(blank).rejects.toMatchObject({ code: 'INVALID_IMAGE', message: expect.stringContaining('blank') });
  });

  it('whatever bytes come, the answer is a tensor or an error that is the sender’s', async () => {
    const seeds = await Promise.all(
      (['png', 'jpeg', 'webp'] as const).map((format) => noise().resize(24).toFormat(format).toBuffer()),
    );
    const mutated = fc
      .tuple(
        fc.constantFrom(...seeds),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 12 }),
        fc.nat(),
      )
      .map(([seed, changes, cut]) => {
        const file = Buffer.from(seed);
        for (const [at, byte] of changes) file[at % file.length] = byte;
        return cut % 3 === 0 ? file.subarray(0, cut % file.length) : file;
      });
    await fc.assert(
      fc.asyncProperty(fc.oneof(mutated, fc.uint8Array({ maxLength: 200 })), async (file) => {
        const outcome = await reader.read([file], HERE).then(
          ({ count }) => count,
          (error: unknown) => (error instanceof NestorError ? error.entry.status : error),
        );
        expect([1, 413, 422]).toContain(outcome);
      }),
      { numRuns: 300 },
    );
  });
});

describe('decoding', () => {
  it('leaves the event loop free', async () => {
    const reader = readerOf({ width: 2, height: 2 }, {});
    const large = await sharp({
      create: {
        width: 1500,
        height: 1500,
        channels: 3,
        background: '#000',
        noise: { type: 'gaussian', mean: 128, sigma: 40 },
      },
    })
      .png()
      .toBuffer();
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    await reader.read([large], HERE);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
  });
});

describe('an image block that does not fit', () => {
  const image = { width: 2, height: 2 };
  it.each<[string, ImageOptions, Partial<TensorSpec>, string]>([
    ['the shape', image, { shape: [-1, 3, 4, 4] }, '[N, 3, 2, 2]'],
    ['the layout', { ...image, layout: 'NHWC' }, {}, '[N, 2, 2, 3]'],
    ['a fixed batch', image, { shape: [4, 3, 2, 2] }, 'image is FP32 [4, 3, 2, 2]'],
    ['the datatype', image, { datatype: 'INT64' }, 'image is INT64'],
    ['channels and mean', { ...image, mean: [1, 2] }, {}, '2 numbers in "mean" for 3 channel(s)'],
    ['whole numbers and scale', { ...image, scale: 0.5 }, { datatype: 'UINT8' }, 'whole numbers from 0 to 255'],
    ['centre and colours', { ...image, centre: true }, {}, 'set "channels" to 1'],
  ])('%s', (_what, options, input, message) => {
    expect(() => readerOf(options, input)).toThrow(
      expect.objectContaining({ name: 'ImageOptionsError', message: expect.stringContaining(message) }),
    );
  });
});
