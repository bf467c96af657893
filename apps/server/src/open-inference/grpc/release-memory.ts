import type { TensorData, Tensors } from '#tensor';

/** Smaller pieces are cheaper to leave to the garbage collector, and may be cut from memory that others use. */
const FREED_FROM_BYTES = 65_536;
/** What stands before a message in its memory: whether it is compressed, and its length. */
const FRAME_BYTES = 5;

/**
 * Gives the memory of a large request back at once: left to the garbage collector, it makes that walk the whole heap
 * every few requests. Neither the message nor the inputs may be looked at any more, nor outputs that are inputs handed
 * through.
 */
export function releaseMemory(message: Buffer, inputs: Tensors): void {
  free(message);
  for (const { datatype, data } of Object.values(inputs)) {
    if (datatype !== 'BYTES') free(data as Exclude<TensorData, string[]>);
  }
}

/** Only where the memory is the piece's own. */
function free({ buffer, byteLength }: ArrayBufferView): void {
  if (byteLength < FREED_FROM_BYTES || !(buffer instanceof ArrayBuffer)) return;
  if (buffer.byteLength <= byteLength + FRAME_BYTES) buffer.transfer(0);
}
