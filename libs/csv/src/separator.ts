const OTHERS = [';', '\t', '|'];

/**
 * What stands between the columns of a table, as its header tells: a comma, unless the header has none and has semicolons, tabs
 * or bars. What stands between quotes says nothing.
 */
export function separatorOf(header: string): string {
  const unquoted = header.replaceAll(/"[^"]*"/g, '');
  const count = (separator: string): number => unquoted.split(separator).length - 1;
  if (count(',') > 0) return ',';
  const most = OTHERS.reduce((best, one) => (count(one) > count(best) ? one : best));
  return count(most) > 0 ? most : ',';
}
