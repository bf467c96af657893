/** Smaller pieces are cheaper to leave to the garbage collector, and may be cut from memory that others use. */
const FREED_FROM_BYTES = 65_536;

/**
 * Gives memory back at once that nobody reads any more. Left to the garbage collector, large buffers make it walk the whole
 * heap every few of them. All views of the buffer are empty afterwards.
 */
export function freeBuffer(buffer: ArrayBufferLike): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength >= FREED_FROM_BYTES) buffer.transfer(0);
}
