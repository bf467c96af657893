import { noTensors, type Tensors } from '#tensor';

/**
 * A private copy of tensors, to be moved to another thread. The caller's own buffers cannot be moved: they may be views
 * that share a buffer with their neighbours. Copying here and moving the copy costs less than letting the message copy
 * (which for a view would take the whole buffer behind it): at 19 MB, one copy instead of two.
 */
export function copyOf(tensors: Tensors): Tensors {
  const copies = noTensors();
  for (const [name, { datatype, shape, data }] of Object.entries(tensors)) {
    copies[name] = { datatype, shape, data: data.slice() };
  }
  return copies;
}

/** The buffers that can be moved along with tensors that this thread owns; strings have none. */
export function buffersOf(tensors: Tensors): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const { data } of Object.values(tensors)) {
    if (ArrayBuffer.isView(data)) buffers.add(data.buffer as ArrayBuffer);
  }
  return [...buffers];
}
