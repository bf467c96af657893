import { useEffect, useState } from 'preact/hooks';
import { type Problem, problemOf } from '../api/problem.ts';

export interface Loaded<T> {
  readonly value?: T;
  readonly problem?: Problem;
}

/** What `load` answers, loaded again whenever `key` changes and every `intervalMs`; the last value stays while it does. */
export function useLoaded<T>(key: string, load: () => Promise<T>, intervalMs?: number): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T> & { readonly key: string }>({ key });
  useEffect(() => {
    let current = true;
    const refresh = (): void => {
      load().then(
        (value) => current && setLoaded({ key, value }),
        (error: unknown) => current && setLoaded((before) => ({ ...before, key, problem: problemOf(error) })),
      );
    };
    refresh();
    const timer = intervalMs === undefined ? undefined : setInterval(refresh, intervalMs);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [key]);
  return loaded.key === key ? loaded : {};
}
