const SEPARATORS = [',', ';', '\t', '|'];

/** What stands between the columns of a table: of the usual characters, the one that its first line has most of. */
export function separatorOf(text: string): string {
  const unquoted = text.replaceAll(/"[^"]*"/g, '').split('\n', 1)[0]!;
  const count = (separator: string): number => unquoted.split(separator).length;
  return SEPARATORS.reduce((most, one) => (count(one) > count(most) ? one : most));
}
