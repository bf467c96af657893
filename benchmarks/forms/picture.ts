import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';

/** As for ImageNet's models: scaled until the picture covers 224×224, cropped, and standardised. */
export const PREPROCESSING = {
  ...{ width: 224, height: 224, scale: 1 / 255 },
  ...{ mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
};

/**
 * The network for pictures, an eighth as wide as a ResNet-18. It is so fast that the cost of reading pictures shows.
 */
export const NET = 'test/models/resnet/1/model.onnx';

const picture = { width: 1000, height: 750, channels: 3, background: '#888888' } as const;

/** A JPEG of 1000×750 pixels and about 90 kB, with as much noise as a photo. */
export const JPEG = await sharp({ create: { ...picture, noise: { type: 'gaussian', mean: 128, sigma: 12 } } })
  .jpeg({ quality: 70 })
  .toBuffer();

/** A folder with the models for the forms: houses, and the network. */
export function modelsFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'benchmark-'));
  cpSync('models/housing', join(folder, 'housing'), { recursive: true });
  mkdirSync(join(folder, 'picture', '1'), { recursive: true });
  cpSync(NET, join(folder, 'picture', '1', 'model.onnx'));
  writeFileSync(join(folder, 'picture', 'model.json'), JSON.stringify({ image: PREPROCESSING }));
  return folder;
}
