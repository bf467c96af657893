const TEXTS = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0'));

/** A whole number from 0 to 999 with leading zeros. */
export function threeDigits(number: number): string {
  return TEXTS[number]!;
}
