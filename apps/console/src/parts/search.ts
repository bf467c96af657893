/** Whether the texts have all words of a search, whatever their case and place. */
export function finds(search: string, texts: readonly (string | undefined)[]): boolean {
  const whole = texts.join(' ').toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => whole.includes(word));
}
