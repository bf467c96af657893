import type { Candidate } from './heads/head.ts';

/**
 * The best candidates, the highest score first. A candidate that overlaps a better one with the same label by more than
 * the threshold is the same object, and is dropped. Equal scores stay in their order.
 *
 * @param threshold the maximum intersection of two boxes as a part of their union; without it, overlaps stay
 */
export function suppressed(
  candidates: readonly Candidate[],
  most: number,
  threshold: number | undefined,
): readonly Candidate[] {
  const byScore = candidates.toSorted((a, b) => b.score - a.score);
  if (threshold === undefined) return byScore.slice(0, most);
  const kept: Candidate[] = [];
  for (const candidate of byScore) {
    if (kept.length === most) break;
    const isOther = (better: Candidate): boolean =>
      better.label !== candidate.label || overlap(better, candidate) <= threshold;
    if (kept.every(isOther)) kept.push(candidate);
  }
  return kept;
}

/** The intersection of two boxes as a part of their union. */
function overlap(a: Candidate, b: Candidate): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (area(a) + area(b) - shared);
}

const area = ({ left, top, right, bottom }: Candidate): number => (right - left) * (bottom - top);
