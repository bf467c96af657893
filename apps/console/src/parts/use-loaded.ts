import { useEffect, useRef, useState } from 'preact/hooks';
import { type Problem, problemOf } from '../api/problem.ts';

export interface Loaded<T> {
  readonly value?: T;
  /** Why the last attempt failed. */
  readonly problem?: Problem;
  /** Loads it again at once. */
  readonly reload: () => void;
}

type Held<T> = Omit<Loaded<T>, 'reload'> & { readonly key: string };

/** The result of `load`, loaded again when `key` changes and every `intervalMs`. The last value stays meanwhile. */
export function useLoaded<T>(key: string, load: () => Promise<T>, intervalMs: number): Loaded<T> {
  const [held, setHeld] = useState<Held<T>>({ key });
  const reload = useRef<() => void>(() => undefined);
  useEffect(() => {
    let current = true;
    reload.current = () => {
      load().then(
        (value) => current && setHeld({ key, value }),
        (error: unknown) =>
          current && setHeld((before) => ({ ...(before.key === key && before), key, problem: problemOf(error) })),
      );
    };
    reload.current();
    const timer = setInterval(() => reload.current(), intervalMs);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [key]);
  return { ...(held.key === key && held), reload: () => reload.current() };
}
