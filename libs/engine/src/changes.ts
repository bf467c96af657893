import { NestorError } from '#errors';
import { ChangeQueue } from './change-queue.ts';

/** A change that has begun; `made` resolves when it is complete. */
export interface Begun {
  readonly made: Promise<void>;
}

/** The changes of an engine's models. They begin in the order of requests; different models change in parallel. */
export class Changes {
  readonly #begins = new ChangeQueue();
  #stopped = false;

  /** @throws NestorError MODEL_NOT_READY once stopped; what the change throws */
  async make(begin: () => Begun | Promise<Begun>): Promise<void> {
    const { made } = await this.#begins.add(() => {
      this.requirePossible();
      return begin();
    });
    await made;
  }

  /** @throws NestorError MODEL_NOT_READY once stopped */
  requirePossible(): void {
    if (!this.#stopped) return;
    throw new NestorError('MODEL_NOT_READY', 'The models are being closed, and can no longer be loaded or unloaded.');
  }

  /** Begins no more changes; changes under way continue. */
  stop(): void {
    this.#stopped = true;
  }
}
