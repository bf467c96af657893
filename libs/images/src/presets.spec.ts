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
