/**
 * Tells an overload from a burst. A burst may wait: the queue is for that. A queue that is full says that callers come
 * faster than they are answered; kept full, it would answer no more of them, each only later. So from then on the overload
 * lasts until all who have come since could have been answered.
 */
export class Overload {
  /** Rows that would wait had everyone been let in; 0 for no overload. */
  #backlog = 0;
  #seenAt = 0;

  /** The queue is full, with so many rows. */
  begin(waitingRows: number, now: number): void {
    this.#backlog = waitingRows;
    this.#seenAt = now;
  }

  /**
   * Notes that a caller comes. @returns whether the overload lasts
   *
   * @param rowsPerMs how fast rows are answered
   * @param mostRows of the backlog: what the queue takes, so that the end is noticed within the time in which that drains
   */
  lasts(rows: number, now: number, rowsPerMs: number, mostRows: number): boolean {
    if (this.#backlog === 0) return false;
    const drained = (now - this.#seenAt) * rowsPerMs;
    this.#seenAt = now;
    if (drained >= this.#backlog) {
      this.#backlog = 0;
      return false;
    }
    this.#backlog = Math.min(mostRows, this.#backlog - drained + rows);
    return true;
  }
}
