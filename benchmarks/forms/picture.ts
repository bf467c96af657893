import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';

/** As ImageNet's models take them: scaled until they cover 224×224, cut, and standardised. */
export const PREPROCESSING = {
  ...{ width: 224, height: 224, scale: 1 / 255 },
  ...{ mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
};

/** The net that pictures are sent to, an eighth as wide as a ResNet-18: so little of its own that reading them shows. */
export const NET = 'test/models/resnet/1/model.onnx';

const picture = { width: 1000, height: 750, channels: 3, background: '#888888' } as const;

/** A JPEG of 1000×750 pixels and about 90 kB: as much noise as a photo has. */
export const JPEG = await sharp({ create: { ...picture, noise: { type: 'gaussian', mean: 128, sigma: 12 } } })
  .jpeg({ quality: 70 })
  .toBuffer();

/** A folder of the models that the forms are sent to: houses, and the net. */
export function modelsFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'benchmark-'));
  cpSync('models/housing', join(folder, 'housing'), { recursive: true });
  mkdirSync(join(folder, 'picture', '1'), { recursive: true });
  cpSync(NET, join(folder, 'picture', '1', 'model.onnx'));
  writeFileSync(join(folder, 'picture', 'model.json'), JSON.stringify({ image: PREPROCESSING }));
  return folder;
}
