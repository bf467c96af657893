export interface Line {
  readonly base: number;
  readonly slope: number;
}

/** The line with the least sum of squared relative deviations, for which small values count as much as large ones. */
export function linearFit(points: readonly (readonly [x: number, y: number])[]): Line {
  let [w, wx, wy, wxx, wxy] = [0, 0, 0, 0, 0];
  for (const [x, y] of points) {
    const weight = 1 / y ** 2;
    w += weight;
    wx += weight * x;
    wy += weight * y;
    wxx += weight * x * x;
    wxy += weight * x * y;
  }
  const slope = (w * wxy - wx * wy) / (w * wxx - wx * wx);
  return { base: (wy - slope * wx) / w, slope };
}
