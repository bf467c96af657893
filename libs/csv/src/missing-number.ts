/** The forms that pandas, NumPy and R write. */
const WORDS: ReadonlySet<string> = new Set(['', 'NaN', 'nan', 'NA']);

/** Whether a cell in a column of numbers means a missing value. */
export const isMissingNumber = (cell: string): boolean => WORDS.has(cell.trim());
