/** Smaller pieces are cheaper to leave to the garbage collector, and may be cut from memory that others use. */
const FREED_FROM_BYTES = 16_384;

/**
 * Frees memory at once when nothing reads it any more. Otherwise, every few large buffers make the garbage collector walk the
 * whole heap. All views of the buffer are empty afterwards.
 */
export function freeBuffer(buffer: ArrayBufferLike): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength >= FREED_FROM_BYTES) buffer.transfer(0);
}

/**
 * As `freeBuffer`, for the memory that a view shows; only where it is the view's own.
 *
 * @param besides bytes that the memory may have beside the view's
 */
export function freeView({ buffer, byteLength }: ArrayBufferView, besides = 0): void {
  if (buffer.byteLength <= byteLength + besides) freeBuffer(buffer);
}
