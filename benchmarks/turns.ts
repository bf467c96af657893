/** A different one begins each time, so that none always follows the same other one. */
export function rotated<T>(list: readonly T[], by: number): T[] {
  return list.map((_, index) => list[(index + by) % list.length]!);
}

/**
 * Does tasks in turns, each several times and in rotating order, so that changes of the machine's speed affect all of
 * them.
 *
 * @returns the results of each task, in the order of the tasks
 */
export async function inTurns<T>(tasks: readonly (() => Promise<T>)[], turns: number, first: number): Promise<T[][]> {
  const results = tasks.map((): T[] => []);
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [index, task] of rotated([...tasks.entries()], first + turn)) results[index]!.push(await task());
  }
  return results;
}
