/** As pandas, NumPy and R write it. */
const WORDS: ReadonlySet<string> = new Set(['', 'NaN', 'nan', 'NA']);

/** Whether a cell of a column of numbers stands for a missing one. */
export const isMissingNumber = (cell: string): boolean => WORDS.has(cell.trim());
