import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MessagePrefixes } from './message-prefix.ts';

const framed = ({ length, compressed }: { length: number; compressed: boolean }): Buffer => {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(compressed ? 1 : 0);
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, Buffer.alloc(length, 1)]);
};

describe('MessagePrefixes', () => {
  it('finds each message, wherever the bytes are cut', () => {
    const message = fc.record({ length: fc.nat(20), compressed: fc.boolean() });
    fc.assert(
      fc.property(fc.array(message), fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1 }), (messages, sizes) => {
        const seen: string[] = [];
        const prefixes = new MessagePrefixes({
          begins: (bytes, compressed) => seen.push(`begins ${bytes} ${compressed}`),
          ends: () => seen.push('ends'),
        });
        const bytes = Buffer.concat(messages.map(framed));
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const size = sizes[turn % sizes.length]!;
          prefixes.read(bytes.subarray(at, at + size));
          at += size;
        }
        const expected = messages.flatMap(({ length, compressed }) => [`begins ${length} ${compressed}`, 'ends']);
        expect(seen).toEqual(expected);
      }),
    );
  });

  it('says that a message begins before all of it is there', () => {
    const seen: number[] = [];
    const prefixes = new MessagePrefixes({ begins: (bytes) => seen.push(bytes), ends: () => seen.push(-1) });
    prefixes.read(framed({ length: 1000, compressed: false }).subarray(0, 10));
    expect(seen).toEqual([1000]);
  });
});
