import { expect, it } from '@jest/globals';
import { withoutPreset } from '#images';

const size = { width: 64, height: 48 };

it('becomes the members that it stands for', () => {
  expect(withoutPreset({ ...size, preset: 'yolo' })).toEqual({
    ...size,
    ...{ fit: 'contain', position: 'centre', background: [114, 114, 114] },
    ...{ scaling: 'bilinear', antialias: false, scale: 1 / 255 },
  });
  expect(withoutPreset(size)).toEqual(size);
});

it('gives way to members beside it', () => {
  const own = { ...size, preset: 'torchvision', crop: 1, scaling: 'bicubic' } as const;
  expect(withoutPreset(own)).toMatchObject({ crop: 1, scaling: 'bicubic', mean: [0.485, 0.456, 0.406] });
});

it('leaves out what is of no effect with another fit', () => {
  const stretched = withoutPreset({ ...size, preset: 'yolo', fit: 'fill' } as const);
  expect(stretched).toMatchObject({ fit: 'fill', scale: 1 / 255 });
  expect(Object.keys(stretched)).not.toContain('background');
});

it.each(['torchvision', 'clip'] as const)('of a model that takes any size cuts nothing: %s', (preset) => {
  const members = withoutPreset({ preset, shorterSide: 64 });
  expect(members).toMatchObject({ shorterSide: 64, antialias: true });
  expect(Object.keys(members)).not.toContain('fit');
  expect(Object.keys(members)).not.toContain('crop');
});

it('of a YOLO model that takes any size fits pictures in all the same', () => {
  expect(withoutPreset({ preset: 'yolo', longerSide: 640, multipleOf: 32 })).toMatchObject({
    ...{ longerSide: 640, multipleOf: 32, fit: 'contain', background: [114, 114, 114] },
  });
});
