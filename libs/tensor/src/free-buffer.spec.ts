import { describe, expect, it } from '@jest/globals';
import { freeBuffer } from './free-buffer.ts';

describe('memory that nobody reads any more', () => {
  it('is given back at once, with all views of it', () => {
    const view = new Float32Array(16_384).fill(1);
    freeBuffer(view.buffer);
    expect([view.length, view.buffer.byteLength]).toEqual([0, 0]);
  });

  it('is left to the garbage collector where it is small, or others may write to it', () => {
    const small = new Uint8Array(65_535);
    const shared = new Uint8Array(new SharedArrayBuffer(65_536));
    freeBuffer(small.buffer);
    freeBuffer(shared.buffer);
    expect([small.length, shared.length]).toEqual([65_535, 65_536]);
  });
});
