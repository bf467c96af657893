/** Makes changes one after the other. A failed change does not affect the next one. */
export class ChangeQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** @throws what the change throws */
  add<Result>(change: () => Result | Promise<Result>): Promise<Result> {
    const done = this.#last.then(change);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
