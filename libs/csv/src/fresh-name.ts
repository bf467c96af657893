/** Names for columns to be added: those wanted, numbered where the table has a column of one (`prediction_2`). */
export function freshNames(wanted: readonly string[], names: readonly string[]): string[] {
  const taken = [...names];
  return wanted.map((name) => {
    const fresh = freshName(name, taken);
    taken.push(fresh);
    return fresh;
  });
}

function freshName(wanted: string, names: readonly string[]): string {
  if (!names.includes(wanted)) return wanted;
  for (let number = 2; ; number += 1) if (!names.includes(`${wanted}_${number}`)) return `${wanted}_${number}`;
}
