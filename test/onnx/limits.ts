import type { BackendTest, Value } from './backend-test.ts';

/**
 * What cannot be served, and why: a model of the suite that one of these applies to may be refused. Whatever else the
 * runtime answers in Python must be answered.
 */
export const LIMITS: readonly { readonly reason: string; applies(test: BackendTest): boolean }[] = [
  {
    reason: 'The Node binding passes no FP8, FP4, BF16 or complex tensors, and the protocol has of these only BF16.',
    applies: (test) => tensorsOf(test).some(({ type }) => /^(FLOAT8|FLOAT4|BFLOAT16|COMPLEX)/.test(type ?? '')),
  },
  {
    reason: 'The Node binding passes no tensors of 4 or 2 bits an element, and the protocol has none.',
    applies: (test) => tensorsOf(test).some(({ type }) => /^U?INT[24]$/.test(type ?? '')),
  },
  {
    reason: 'The Node binding passes no sequences, optionals and maps, and the protocol has none: an input is one.',
    applies: ({ inputs }) => inputs.some(({ kind }) => kind !== 'tensor'),
  },
  {
    reason: 'The Node binding returns no sequences, optionals and maps: no output is a tensor.',
    applies: ({ outputs }) => outputs.every(({ kind }) => kind !== 'tensor'),
  },
];

const tensorsOf = ({ inputs, outputs }: BackendTest): Value[] => [...inputs, ...outputs];

export function limitOf(test: BackendTest): string | undefined {
  return LIMITS.find((limit) => limit.applies(test))?.reason;
}
