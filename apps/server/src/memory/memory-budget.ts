import { NestorError } from '#errors';

/** Requests that take no more, as 64 KiB of text do, have a share of their own: large ones that come slowly cannot take it. */
const SMALL_BYTES = 262_144;
const SHARE_OF_SMALL = 1 / 8;
/** Of what gave its memory back nothing is counted again, such as pieces of a body that was answered already. */
const GIVEN_BACK = Infinity;

const isSmall = (bytes: number): boolean => bytes <= SMALL_BYTES;

/** What holds memory: as many bytes as are counted for it. */
export interface Holder {
  heldBytes: number;
}

/** One that waits for its turn. */
interface Waiting {
  readonly holder: Holder;
  readonly bytes: number;
  readonly held: () => void;
}

/** The memory of all requests under way, by the bytes that each is expected to take. */
export class MemoryBudget {
  #small = 0;
  #large = 0;
  #waiting: Waiting[] = [];

  constructor(readonly bytes: number) {}

  get held(): number {
    return this.#small + this.#large;
  }

  /**
   * Counts so many bytes for a holder, in place of the fewer that it holds. One that exceeds its share alone is let in where
   * no other of its kind holds any: else "try again" would be a lie.
   *
   * @throws NestorError MEMORY_FULL; what the holder holds is then as before
   */
  hold(holder: Holder, bytes: number): void {
    const before = holder.heldBytes;
    if (bytes <= before) return;
    this.#add(-before, before);
    if (!this.#hasRoom(bytes)) {
      const refusal = this.refusal(bytes);
      this.#add(before, before);
      throw refusal;
    }
    this.#add(bytes, bytes);
    holder.heldBytes = bytes;
  }

  /**
   * Counts so many bytes for a holder that holds none, once there is room: at once, or behind those of its size who wait.
   *
   * @param held is called then, if not before this returns
   * @returns undefined where they are counted; else a function that ends the wait
   */
  holdInTurn(holder: Holder, bytes: number, held: () => void): (() => void) | undefined {
    const size = isSmall(bytes);
    if (!this.#waiting.some((other) => isSmall(other.bytes) === size) && this.#hasRoom(bytes)) {
      this.hold(holder, bytes);
      return undefined;
    }
    const waiting: Waiting = { holder, bytes, held };
    this.#waiting.push(waiting);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== waiting);
      this.#admit();
    };
  }

  /** Counts so many bytes more for a holder, whether or not there is room: they are there already. */
  add(holder: Holder, bytes: number): void {
    const before = holder.heldBytes;
    if (before === GIVEN_BACK) return;
    this.#add(-before, before);
    holder.heldBytes = before + bytes;
    this.#add(holder.heldBytes, holder.heldBytes);
  }

  /** MEMORY_FULL, for one that would take so many bytes. */
  refusal(bytes: number): NestorError {
    const { others, share } = this.#others(bytes);
    const detail = `Requests of its size hold ${others} bytes of memory, and this one would take ${bytes}: together more than ${Math.floor(share)}.`;
    return new NestorError('MEMORY_FULL', detail, { retryAfterSeconds: 1 });
  }

  /** Takes back what the holder holds, for good: whatever is counted for the holder later is nothing. */
  giveBack(holder: Holder): void {
    if (holder.heldBytes === GIVEN_BACK) return;
    this.#add(-holder.heldBytes, holder.heldBytes);
    holder.heldBytes = GIVEN_BACK;
    this.#admit();
  }

  /** Lets in those who wait, each behind the earlier ones of its size. */
  #admit(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    const full = new Set<boolean>();
    const admitted: Waiting[] = [];
    this.#waiting = waiting.filter((one) => {
      const size = isSmall(one.bytes);
      if (full.has(size) || !this.#hasRoom(one.bytes)) {
        full.add(size);
        return true;
      }
      this.hold(one.holder, one.bytes);
      admitted.push(one);
      return false;
    });
    for (const { held } of admitted) held();
  }

  #hasRoom(bytes: number): boolean {
    const { others, share } = this.#others(bytes);
    return others === 0 || others + bytes <= share;
  }

  /** What others of that size hold, and may hold together. */
  #others(bytes: number): { readonly others: number; readonly share: number } {
    return isSmall(bytes)
      ? { others: this.#small, share: this.bytes * SHARE_OF_SMALL }
      : { others: this.#large, share: this.bytes * (1 - SHARE_OF_SMALL) };
  }

  /** Adds to the share of holders of that size. */
  #add(bytes: number, size: number): void {
    if (isSmall(size)) this.#small += bytes;
    else this.#large += bytes;
  }
}
