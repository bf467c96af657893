import { NestorError } from '#errors';

/** Requests that take no more, as 64 KiB of text do, have a share of their own: large ones that come slowly cannot take it. */
const SMALL_BYTES = 262_144;
const SHARE_OF_SMALL = 1 / 8;
/** Of what gave its memory back nothing is counted again, such as pieces of a body that was answered already. */
const GIVEN_BACK = Infinity;

/** What holds memory: as many bytes as are counted for it. */
export interface Holder {
  heldBytes: number;
}

/** The memory of all requests under way, by the bytes that each is expected to take. */
export class MemoryBudget {
  #small = 0;
  #large = 0;

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
    const others = bytes <= SMALL_BYTES ? this.#small : this.#large;
    const share = this.bytes * (bytes <= SMALL_BYTES ? SHARE_OF_SMALL : 1 - SHARE_OF_SMALL);
    if (others > 0 && others + bytes > share) {
      this.#add(before, before);
      const detail = `Requests of its size hold ${others} bytes of memory, and this one would take ${bytes}: together more than ${Math.floor(share)}.`;
      throw new NestorError('MEMORY_FULL', detail, { retryAfterSeconds: 1 });
    }
    this.#add(bytes, bytes);
    holder.heldBytes = bytes;
  }

  /** Takes back what the holder holds, for good: whatever is counted for the holder later is nothing. */
  giveBack(holder: Holder): void {
    if (holder.heldBytes === GIVEN_BACK) return;
    this.#add(-holder.heldBytes, holder.heldBytes);
    holder.heldBytes = GIVEN_BACK;
  }

  /** Adds to the share of holders of that size. */
  #add(bytes: number, size: number): void {
    if (size <= SMALL_BYTES) this.#small += bytes;
    else this.#large += bytes;
  }
}
