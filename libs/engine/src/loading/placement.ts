import type { Scheduler } from '#inference';
import type { OnnxSession, OnnxSessions, SessionPool } from '#onnx';

/** Where the runs of a loaded version take place, until it is closed. They may move once, from the event loop into the pool. */
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
   * Moves the runs once the pool is open; until then they go on where they are.
   * @returns whether they moved: not where the version is closed before
   * @throws ModelLoadError where the model cannot be opened any more; the runs stay where they are
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

  /** Frees what is open. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#moving;
    await this.#sessions.close(this.#session);
  }
}
