import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** Says that work is under way and, after two seconds, for how long. */
export function Underway({ what }: { readonly what: string }): VNode {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const begin = performance.now();
    const timer = setInterval(() => setSeconds(Math.floor((performance.now() - begin) / 1000)), 500);
    return () => clearInterval(timer);
  }, []);
  return (
    <p class="underway">
      <span role="status">{what} …</span>
      {/* Hidden from screen readers, which would announce every second. */}
      {seconds > 1 && <span aria-hidden="true">{seconds} s</span>}
    </p>
  );
}
