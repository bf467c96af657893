import { useEffect, useRef, useState } from 'preact/hooks';
import { type Problem, problemOf } from '../api/problem.ts';

export interface Latest<T> {
  readonly value?: T | undefined;
  readonly problem?: Problem | undefined;
  /** What the value or the problem is about; the caller gives it a name. */
  readonly subject?: string | undefined;
  /** Whether an answer is pending; until it arrives, the previous one stays. */
  readonly pending: boolean;
}

/**
 * Runs one piece of work at a time: starting another cancels the previous one, so that the page always shows the answer
 * to the latest request.
 */
export function useLatest<T>(): [
  Latest<T>,
  (work: (signal: AbortSignal) => Promise<T>, subject?: string) => Promise<void>,
  () => void,
] {
  const [latest, setLatest] = useState<Latest<T>>({ pending: false });
  const running = useRef<AbortController>(undefined);
  const stop = (): void => running.current?.abort();
  useEffect(() => stop, []);

  const start = async (work: (signal: AbortSignal) => Promise<T>, subject?: string): Promise<void> => {
    stop();
    const { signal } = (running.current = new AbortController());
    setLatest((before) => ({ ...before, pending: true }));
    try {
      const value = await work(signal);
      if (!signal.aborted) setLatest({ value, subject, pending: false });
    } catch (error) {
      if (!signal.aborted) setLatest({ problem: problemOf(error), subject, pending: false });
    }
  };
  const clear = (): void => {
    stop();
    setLatest({ pending: false });
  };
  return [latest, start, clear];
}
