import type { Frame } from '#tensor';
import type { Candidate } from './heads/head.ts';

/** From the top left of a picture, in its pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Parts of a pixel that are told apart. */
const PARTS = 100;

/** A candidate's box in the picture that was sent, without what lies outside it. */
export function placed({ left, top, right, bottom }: Candidate, { picture, scale, offset }: Frame): Box {
  const across = (x: number): number => within((x - offset.x) / scale.x, picture.width);
  const down = (y: number): number => within((y - offset.y) / scale.y, picture.height);
  const [x, y] = [across(left), down(top)];
  return boxOf(x, y, across(right) - x, down(bottom) - y, rounded);
}

/** A candidate's box as the model has it, where no picture was sent. */
export function unplaced({ left, top, right, bottom }: Candidate, isRelative: boolean): Box {
  return boxOf(left, top, right - left, bottom - top, isRelative ? (value) => value : rounded);
}

function boxOf(x: number, y: number, width: number, height: number, as: (value: number) => number): Box {
  return { x: as(x), y: as(y), width: as(width), height: as(height) };
}

const within = (value: number, most: number): number => Math.min(most, Math.max(0, value));

const rounded = (value: number): number => Math.round(value * PARTS) / PARTS;
