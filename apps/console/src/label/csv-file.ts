import Papa from 'papaparse';

/** Characters that are read at once. Small enough that a slice lies in the network's own buffers while it is answered. */
const SLICE = 64 * 1024;

export interface Slice {
  readonly rows: readonly (readonly string[])[];
  /** How much of the file has been read, from 0 to 1. */
  readonly share: number;
}

/** The first rows of a file, header included, whatever separates its columns. */
export function peek(file: File, rows: number): Promise<readonly (readonly string[])[]> {
  return new Promise((resolve, reject) => {
    Papa.parse<string[]>(file, {
      preview: rows,
      skipEmptyLines: true,
      complete: ({ data }) => resolve(data),
      error: reject,
    });
  });
}

/**
 * Reads a file of any size in slices of whole rows, the next only once `take` is done with the one before. Rejects with
 * what `take` rejects with.
 */
export function eachSlice(file: File, take: (slice: Slice) => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    Papa.parse<string[]>(file, {
      chunkSize: SLICE,
      skipEmptyLines: true,
      chunk: ({ data, meta }, parser) => {
        parser.pause();
        take({ rows: data, share: Math.min(1, meta.cursor / Math.max(1, file.size)) }).then(
          () => parser.resume(),
          (error: unknown) => {
            reject(error instanceof Error ? error : new Error(String(error)));
            parser.abort();
          },
        );
      },
      complete: () => resolve(),
      error: reject,
    });
  });
}

export const toCsv = (rows: readonly (readonly string[])[]): string => Papa.unparse([...rows], { newline: '\n' });

export const fromCsv = (text: string): string[][] => Papa.parse<string[]>(text, { skipEmptyLines: true }).data;
