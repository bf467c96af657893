import { closeSync, openSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeWeights } from '../model-file/write-weights.ts';

/** Weights beside a model of up to this many bytes are read into memory. */
export const READ_UP_TO_BYTES = 67_108_864;

/**
 * The bytes of a model together with its weights from external files. The runtime would map those files: runs would then see
 * every change of them, and truncating one would crash the process.
 */
export function readWeights(model: Uint8Array, path: string): Uint8Array {
  const files = new Map<string, number>();
  try {
    return writeWeights(model, (location, offset, length) => {
      const file = files.get(location) ?? openSync(join(dirname(path), location), 'r');
      files.set(location, file);
      const part = Buffer.allocUnsafeSlow(length);
      return readSync(file, part, 0, length, offset) === length ? part : undefined;
    });
  } finally {
    for (const file of files.values()) closeSync(file);
  }
}
