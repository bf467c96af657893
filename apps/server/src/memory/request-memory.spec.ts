import { expect, it } from '@jest/globals';
import { ReceivedMemory } from './request-memory.ts';

const floats = () => ({ datatype: 'FP32', shape: [5000], data: new Float32Array(5000) }) as const;

it('gives back what was read from a request: its body, and the inputs of each run that it takes', () => {
  const [body, one, other] = [Buffer.alloc(50_000), floats(), floats()];
  new ReceivedMemory(body).giveBack([{ x: one }, { x: other }]);
  expect([body.length, one.data.length, other.data.length]).toEqual([0, 0, 0]);
});
