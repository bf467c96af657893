import { NestorError } from '#errors';
import { ChangeQueue } from './change-queue.ts';

/** A change that has begun, and when it will be made. */
export interface Begun {
  readonly made: Promise<void>;
}

/** The changes of an engine's models. They begin in the order in which they were asked for; those of different models then go on at the same time. */
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
    throw new NestorError('MODEL_NOT_READY', 'No model is loaded or unloaded any more: the models are being closed.');
  }

  /** Begins no more changes; changes under way continue. */
  stop(): void {
    this.#stopped = true;
  }
}
