/** Keeps the thread busy, as a run on the event loop does. */
export function keepBusy(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
