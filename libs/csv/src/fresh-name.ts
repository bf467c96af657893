/** A name for a column to be added: the one wanted, numbered where the table has a column of it (`prediction_2`). */
export function freshName(wanted: string, names: readonly string[]): string {
  if (!names.includes(wanted)) return wanted;
  for (let number = 2; ; number += 1) if (!names.includes(`${wanted}_${number}`)) return `${wanted}_${number}`;
}
