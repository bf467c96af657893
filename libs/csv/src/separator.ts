const OTHERS = [';', '\t', '|'];

/**
 * The separator between the columns of a table, as its header shows it: a comma, unless the header has none but has
 * semicolons, tabs or bars. Text between quotes does not count.
 */
export function separatorOf(header: string): string {
  const unquoted = header.replaceAll(/"[^"]*"/g, '');
  const count = (separator: string): number => unquoted.split(separator).length - 1;
  if (count(',') > 0) return ',';
  const most = OTHERS.reduce((best, one) => (count(one) > count(best) ? one : best));
  return count(most) > 0 ? most : ',';
}
