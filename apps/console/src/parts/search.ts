/** Whether the texts contain all words of a search, in any case and order. */
export function finds(search: string, texts: readonly (string | undefined)[]): boolean {
  const whole = texts.join(' ').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => whole.includes(word));
}
