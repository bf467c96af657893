import { NestorError } from '#errors';
import type { Size } from '#tensor';
import type { Picture } from './picture.ts';

/**
 * The picture whose levels a client sent.
 *
 * @param size of the model's pictures; undefined where it takes any, which a list of levels does not tell
 * @throws NestorError INVALID_ROWS
 */
export function pictureOfPixels(
  pixels: readonly unknown[],
  size: Size | undefined,
  channels: Picture['channels'],
): Picture {
  if (size === undefined)
    throw new NestorError('INVALID_ROWS', 'has pixels, and the model takes pictures of any size: send a file');
  const { width, height } = size;
  const count = width * height * channels;
  if (pixels.length !== count) {
    throw new NestorError(
      'INVALID_ROWS',
      `has ${pixels.length} pixels; ${count} are expected (${width} × ${height}, ${channels} a pixel, rows from the top)`,
    );
  }
  const wrong = pixels.findIndex(
    (level) => !Number.isInteger(level) || (level as number) < 0 || (level as number) > 255,
  );
  if (wrong !== -1)
    throw new NestorError('INVALID_ROWS', `pixels[${wrong}] is not a whole number from 0 (dark) to 255 (light)`);
  return { width, height, channels, data: Uint8Array.from(pixels as readonly number[]) };
}
