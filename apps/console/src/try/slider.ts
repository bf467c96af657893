import type { Feature } from '../api/models.ts';

export interface Slider {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

const STEPS = 200;

/** The slider of a number with known bounds; undefined for other features. */
export function sliderOf({ type, shape, categories, range, seen }: Feature): Slider | undefined {
  const [min, max] = range ?? seen ?? [0, 0];
  if ((type !== 'number' && type !== 'integer') || shape.length > 0 || categories !== undefined || min >= max)
    return undefined;
  // The largest power of ten that still gives enough steps, so that values stay short.
  const step = type === 'integer' ? 1 : 10 ** Math.floor(Math.log10((max - min) / STEPS) + 1e-9);
  return { min, max, step };
}
