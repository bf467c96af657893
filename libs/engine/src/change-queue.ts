/** Makes changes one after the other. What is changed, and where that failed, does not concern the next change. */
export class ChangeQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** @throws what the change throws */
  add(change: () => Promise<void>): Promise<void> {
    const done = this.#last.then(change);
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** Resolves once the changes so far are made. */
  async done(): Promise<void> {
    await this.#last;
  }
}
