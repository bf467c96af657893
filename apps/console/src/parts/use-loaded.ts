import { useEffect, useRef, useState } from 'preact/hooks';
import { type Problem, problemOf } from '../api/problem.ts';

export interface Loaded<T> {
  readonly value?: T;
  /** Why it could not be loaded the last time. */
  readonly problem?: Problem;
  /** Loads it again at once. */
  readonly reload: () => void;
}

type Held<T> = Omit<Loaded<T>, 'reload'> & { readonly key: string };

/** What `load` answers, loaded again whenever `key` changes and every `intervalMs`; the last value stays while it does. */
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
