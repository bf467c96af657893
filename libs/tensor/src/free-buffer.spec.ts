import { describe, expect, it } from '@jest/globals';
import { freeBuffer, freeView } from './free-buffer.ts';

describe('memory that nobody reads any more', () => {
  it('is given back at once, with all views of it', () => {
    const view = new Float32Array(4_096).fill(1);
    freeBuffer(view.buffer);
    expect([view.length, view.buffer.byteLength]).toEqual([0, 0]);
  });

  it('is left to the garbage collector where it is small, or others may write to it', () => {
    const small = new Uint8Array(16_383);
    const shared = new Uint8Array(new SharedArrayBuffer(16_384));
    freeBuffer(small.buffer);
    freeBuffer(shared.buffer);
    expect([small.length, shared.length]).toEqual([16_383, 16_384]);
  });

  it("is that of a view only where it is the view's own, but for so many bytes", () => {
    const all = new Uint8Array(16_400);
    const part = all.subarray(5);
    freeView(part);
    expect(all.length).toBe(16_400);
    freeView(part, 5);
    expect([all.length, part.length]).toEqual([0, 0]);
  });
});
