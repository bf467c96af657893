import { lendLocale } from './locale.ts';
import { ModelLoadError } from './model-load-error.ts';
import { OnnxSession, type SessionOptions } from './onnx-session.ts';
import { type PoolOptions, SessionPool } from './session-pool.ts';
import type { ModelContent } from './source/model-content.ts';

/**
 * Opens sessions, and knows which of them are open: for metrics, and to show that none is left behind. Whoever opens
 * models has one of these, and counts its own alone.
 */
export class OnnxSessions {
  readonly #open = new Set<OnnxSession | SessionPool>();

  /** A session on the calling thread. @throws ModelLoadError */
  open(model: ModelContent, options: SessionOptions): Promise<OnnxSession> {
    return this.#counted(() => OnnxSession.open(model, options));
  }

  /** A session in each of some worker threads. @throws ModelLoadError */
  openPool(model: ModelContent, options: PoolOptions): Promise<SessionPool> {
    return this.#counted(() => SessionPool.open(model, options));
  }

  /** Waits for the runs under way, and frees the memory of what was opened here. */
  async close(session: OnnxSession | SessionPool): Promise<void> {
    await session.close();
    this.#open.delete(session);
  }

  /** Sessions that are open, one in each worker thread. */
  get count(): number {
    let count = 0;
    for (const session of this.#open) count += session instanceof SessionPool ? session.threads.length : 1;
    return count;
  }

  /** Worker threads that are alive. */
  get workers(): number {
    let count = 0;
    for (const session of this.#open) if (session instanceof SessionPool) count += session.threads.length;
    return count;
  }

  async #counted<Session extends OnnxSession | SessionPool>(open: () => Promise<Session>): Promise<Session> {
    const session = await open().catch((error: unknown) => {
      // On this thread: the environment of a worker thread is a copy, which glibc does not see.
      if (error instanceof ModelLoadError && lendLocale(error.detail)) return open();
      throw error;
    });
    this.#open.add(session);
    return session;
  }
}
