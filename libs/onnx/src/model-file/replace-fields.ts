import protobuf from 'protobufjs/minimal.js';

const LENGTH_DELIMITED = 2;

/** What stands before each value of a field of messages, texts or bytes. */
export const tagOf = (field: number): number => (field << 3) | LENGTH_DELIMITED;

/**
 * A message with other messages in place of some of a field's.
 * @param replace what stands in place of one; undefined where it stays
 */
export function replaceFields(
  message: Uint8Array,
  wanted: number,
  replace: (value: Uint8Array) => readonly Uint8Array[] | undefined,
): Uint8Array {
  const tagWanted = tagOf(wanted);
  const reader = protobuf.Reader.create(message);
  const pieces: Uint8Array[] = [];
  let kept = 0;
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const tag = reader.uint32();
    if (tag !== tagWanted) {
      reader.skipType(tag & 7);
      continue;
    }
    const length = reader.uint32();
    const values = replace(message.subarray(reader.pos, reader.pos + length));
    reader.skip(length);
    if (values === undefined) continue;
    pieces.push(message.subarray(kept, start));
    for (const value of values) pieces.push(protobuf.Writer.create().uint32(tag).uint32(value.length).finish(), value);
    kept = reader.pos;
  }
  return Buffer.concat([...pieces, message.subarray(kept)]);
}
