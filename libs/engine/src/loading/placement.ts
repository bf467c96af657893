import type { Scheduler } from '#inference';
import type { OnnxSession, OnnxSessions, SessionPool } from '#onnx';

/** Where a loaded version runs, until it is closed. It may move once, from the event loop to the pool. */
export class Placement {
  readonly #sessions: OnnxSessions;
  #session: OnnxSession | SessionPool;
  #moving: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(sessions: OnnxSessions, session: OnnxSession | SessionPool) {
    this.#sessions = sessions;
    this.#session = session;
  }

  /**
   * Moves the runs once the pool is open. Until then, they continue on the event loop.
   * @returns whether they moved; false if the version was closed first
   * @throws ModelLoadError if the model can no longer be opened; the runs then stay on the event loop
   */
  move(scheduler: Scheduler, open: () => Promise<SessionPool>): Promise<boolean> {
    const moved = this.#move(scheduler, open);
    this.#moving = moved.catch(() => undefined);
    return moved;
  }

  async #move(scheduler: Scheduler, open: () => Promise<SessionPool>): Promise<boolean> {
    const before = this.#session;
    const pool = await open();
    if (this.#closed) {
      await this.#sessions.close(pool);
      return false;
    }
    this.#session = pool;
    await scheduler.moveTo(pool);
    await this.#sessions.close(before);
    return true;
  }

  /** Closes the open session or pool. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#moving;
    await this.#sessions.close(this.#session);
  }
}
