import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import { type Problem, problemOf } from '../api/problem.ts';
import { look, type Snapshot } from './figures.ts';

export const INTERVAL_MS = 2000;
/** Snapshots of five minutes. */
export const KEPT = 150;
/** The window of figures that the page shows as numbers. */
export const RECENT_MS = 10_000;

export interface History {
  readonly snapshots: readonly Snapshot[];
  readonly problem?: Problem;
}

const HistoryContext = createContext<History>({ snapshots: [] });
export const HistoryProvider = HistoryContext.Provider;
export const useHistory = (): History => useContext(HistoryContext);

/** Reads the server's figures every two seconds while the page is visible, and keeps the last five minutes. */
export function usePolledHistory(): History {
  const [history, setHistory] = useState<History>({ snapshots: [] });
  useEffect(() => {
    let current = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const lookAgain = async (): Promise<void> => {
      try {
        const snapshot = await look();
        if (current) setHistory(({ snapshots }) => ({ snapshots: [...snapshots, snapshot].slice(-KEPT) }));
      } catch (error) {
        if (current) setHistory(({ snapshots }) => ({ snapshots, problem: problemOf(error) }));
      }
      if (current && !document.hidden) timer = setTimeout(() => void lookAgain(), INTERVAL_MS);
    };
    const resume = (): void => {
      clearTimeout(timer);
      if (!document.hidden) void lookAgain();
    };
    document.addEventListener('visibilitychange', resume);
    void lookAgain();
    return () => {
      current = false;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', resume);
    };
  }, []);
  return history;
}
