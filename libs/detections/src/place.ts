import type { Frame } from '#tensor';
import type { Candidate } from './heads/head.ts';

/** A box in the pixels of a picture, from its top left. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Coordinates are rounded to this part of a pixel. */
const PARTS = 100;

/** A candidate's box in the sent picture, clipped to it. */
export function placed({ left, top, right, bottom }: Candidate, { picture, scale, offset }: Frame): Box {
  const across = (x: number): number => within((x - offset.x) / scale.x, picture.width);
  const down = (y: number): number => within((y - offset.y) / scale.y, picture.height);
  const [x, y] = [across(left), down(top)];
  return boxOf(x, y, across(right) - x, down(bottom) - y, rounded);
}

/** A candidate's box with the model's coordinates, if no picture was sent. */
export function unplaced({ left, top, right, bottom }: Candidate, isRelative: boolean): Box {
  return boxOf(left, top, right - left, bottom - top, isRelative ? (value) => value : rounded);
}

function boxOf(x: number, y: number, width: number, height: number, as: (value: number) => number): Box {
  return { x: as(x), y: as(y), width: as(width), height: as(height) };
}

const within = (value: number, most: number): number => Math.min(most, Math.max(0, value));

const rounded = (value: number): number => Math.round(value * PARTS) / PARTS;
