/** An object in a picture; its box is in pixels of the sent picture. */
export interface Detection {
  readonly label: string;
  readonly score: number;
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

/** The golden angle, in degrees: steps around the colour circle that stay far from earlier ones. */
const TURN = 137.508;

/** A colour for each label, in the order in which the labels come. */
export function coloursOf(detections: readonly Detection[]): ReadonlyMap<string, string> {
  const labels = [...new Set(detections.map(({ label }) => label))];
  return new Map(labels.map((label, at) => [label, `hsl(${Math.round(at * TURN) % 360} 85% 45%)`]));
}
