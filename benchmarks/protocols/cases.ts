import { housesOf, pictures, type Work } from './work.ts';

/** The same work for several servers, from a number of callers. */
export interface Case {
  readonly id: string;
  readonly title: string;
  readonly work: Work;
  readonly callers: number;
  /** The protocols to use, with every server that speaks them. */
  readonly protocols: readonly string[];
}

/** Cases for the same processes. The next stage starts new processes. */
export interface Stage {
  readonly id: 'calls' | 'bodies';
  /** The servers to measure. */
  readonly subjects: readonly string[];
  readonly cases: readonly Case[];
}

const V2 = ['rest-json', 'rest-binary', 'grpc'];
const ALL = ['plain', ...V2];
const [picture, batch] = [pictures(1), pictures(32)];

const calls: readonly Case[] = [
  { id: 'house-64', title: 'One house, 64 calls at a time', work: housesOf(1), callers: 64, protocols: ALL },
  { id: 'house-1', title: 'One house, one call at a time', work: housesOf(1), callers: 1, protocols: ALL },
  {
    id: 'picture-8',
    title: 'A picture of 602 kB (1×3×224×224 FP32), 8 calls at a time',
    work: picture,
    callers: 8,
    protocols: V2,
  },
];

/** Cases with little memory come before cases with much. */
const bodies: readonly Case[] = [
  {
    id: 'batch-1',
    title: '32 pictures (32×3×224×224 FP32, 19.3 MB), one call at a time',
    work: batch,
    callers: 1,
    protocols: ['rest-binary'],
  },
  { id: 'batch-4', title: '32 pictures, 4 calls at a time', work: batch, callers: 4, protocols: ['rest-binary'] },
  {
    id: 'batch-json',
    title: '32 pictures as JSON, one call at a time',
    work: batch,
    callers: 1,
    protocols: ['rest-json'],
  },
];

export const stages: readonly Stage[] = [
  { id: 'calls', subjects: ['nestor', 'echo', 'grpc-batched', 'mlserver', 'triton'], cases: calls },
  { id: 'bodies', subjects: ['nestor', 'reader'], cases: bodies },
];
