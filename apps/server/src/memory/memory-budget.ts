import { NestorError } from '#errors';

/** Requests up to this size (64 KiB of text) have their own share, which large, slow requests cannot take. */
const SMALL_BYTES = 262_144;
const SHARE_OF_SMALL = 1 / 8;
/** Marks a holder that gave its memory back. Nothing counts for it again, such as late pieces of an answered body. */
const GIVEN_BACK = Infinity;

const isSmall = (bytes: number): boolean => bytes <= SMALL_BYTES;

export interface Holder {
  heldBytes: number;
}

interface Waiting {
  readonly holder: Holder;
  readonly bytes: number;
  readonly held: () => void;
}

/** Counts the memory of all requests in flight, by the bytes that each is expected to take. */
export class MemoryBudget {
  #small = 0;
  #large = 0;
  #waiting: Waiting[] = [];

  #bytes: number;

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  /** The most that all requests may hold. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Changes the budget. If it shrinks, what is held stays, and nothing new is admitted until there is room. */
  resize(bytes: number): void {
    this.#bytes = bytes;
    this.#admit();
  }

  get held(): number {
    return this.#small + this.#large;
  }

  /**
   * Raises a holder's bytes to this number. A holder that alone exceeds the share of its size is admitted if no other
   * of its size holds memory: otherwise no retry could succeed.
   *
   * @throws NestorError MEMORY_FULL, which leaves the holder's bytes unchanged
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
   * Counts bytes for a new holder once there is room, in the order of arrival among holders of its size.
   *
   * @param held called once the bytes are counted, unless they are counted at once
   * @returns undefined if the bytes are counted at once; else a function that ends the wait
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

  /** Adds to a holder's bytes even beyond the budget, because the memory is already in use. */
  add(holder: Holder, bytes: number): void {
    const before = holder.heldBytes;
    if (before === GIVEN_BACK) return;
    this.#add(-before, before);
    holder.heldBytes = before + bytes;
    this.#add(holder.heldBytes, holder.heldBytes);
  }

  /** The error for a request that would take this many bytes. */
  refusal(bytes: number): NestorError {
    const { others, share } = this.#others(bytes);
    const detail = `Requests of its size hold ${others} bytes of memory, and this one would take ${bytes}. The limit is ${Math.floor(share)}.`;
    return new NestorError('MEMORY_FULL', detail, { retryAfterSeconds: 1 });
  }

  /** Releases a holder's bytes for good: nothing counts for this holder afterwards. */
  giveBack(holder: Holder): void {
    if (holder.heldBytes === GIVEN_BACK) return;
    this.#add(-holder.heldBytes, holder.heldBytes);
    holder.heldBytes = GIVEN_BACK;
    this.#admit();
  }

  /** Admits waiting holders in their order among those of the same size. */
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

  /** The bytes that holders of this size have, and the most that they may have together. */
  #others(bytes: number): { readonly others: number; readonly share: number } {
    return isSmall(bytes)
      ? { others: this.#small, share: this.bytes * SHARE_OF_SMALL }
      : { others: this.#large, share: this.bytes * (1 - SHARE_OF_SMALL) };
  }

  /** Adds to the total of holders of this size. */
  #add(bytes: number, size: number): void {
    if (isSmall(size)) this.#small += bytes;
    else this.#large += bytes;
  }
}
