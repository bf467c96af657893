import type { Candidate } from './heads/head.ts';

/**
 * The best of candidates, the highest score first: one that overlaps a better one of its own label by more than the threshold
 * is the same object, and is left out. Equals stay in their order.
 *
 * @param threshold the most that the shared part of two boxes may be of what they cover together; without it, overlaps stay
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

/** The shared part of two boxes as a part of what they cover together. */
function overlap(a: Candidate, b: Candidate): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (area(a) + area(b) - shared);
}

const area = ({ left, top, right, bottom }: Candidate): number => (right - left) * (bottom - top);
