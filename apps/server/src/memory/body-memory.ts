/** Smaller bodies are cheaper to leave to the garbage collector. */
const LARGE_BYTES = 1_048_576;
/** Memory is taken in steps, so that bodies of nearly one size fit into each other's. */
const STEP_BYTES = 1_048_576;
/** How long memory is kept for a body that may come. */
const KEPT_MS = 1000;

interface Idle {
  readonly memory: ArrayBuffer;
  readonly since: number;
}

/**
 * Memory for bodies. That of a large one is kept for a moment, for the next of its size: new memory is given to the
 * process page by page, and V8, which sees it come and go, walks the whole heap about once for each body. With several
 * bodies of 19 MB under way that is more than half of what they cost.
 */
export class BodyMemory {
  /** The last given back stands last. */
  readonly #idle: Idle[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** Memory for so many bytes. They are to be written before they are read. */
  take(bytes: number): Buffer {
    if (bytes < LARGE_BYTES) return Buffer.allocUnsafe(bytes);
    return Buffer.from(this.#fitting(bytes) ?? this.#fresh(bytes), 0, bytes);
  }

  /**
   * Takes back what was taken. Nothing that lies in it may be looked at any more: neither by a run nor as an output, which
   * may be an input handed through.
   */
  giveBack({ buffer, length }: Buffer): void {
    if (length < LARGE_BYTES) return;
    this.#idle.push({ memory: buffer as ArrayBuffer, since: performance.now() });
    this.#timer ??= setInterval(() => this.#releaseOld(), KEPT_MS).unref();
  }

  #fitting(bytes: number): ArrayBuffer | undefined {
    const at = this.#idle.findLastIndex(
      ({ memory: { byteLength } }) => byteLength >= bytes && byteLength <= bytes + STEP_BYTES,
    );
    return at === -1 ? undefined : this.#idle.splice(at, 1)[0]!.memory;
  }

  /** What is kept and did not fit makes room: no more is held than there were bodies at once. */
  #fresh(bytes: number): ArrayBuffer {
    const size = Math.ceil(bytes / STEP_BYTES) * STEP_BYTES;
    for (let room = 0; room < size && this.#idle.length > 0;) room += this.#releaseOldest();
    return Buffer.allocUnsafeSlow(size).buffer;
  }

  #releaseOld(): void {
    const old = performance.now() - KEPT_MS;
    while (this.#idle.length > 0 && this.#idle[0]!.since <= old) this.#releaseOldest();
    if (this.#idle.length > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Gives the memory back at once, rather than when the garbage collector comes by; returns how much it was. */
  #releaseOldest(): number {
    const { memory } = this.#idle.shift()!;
    const { byteLength } = memory;
    memory.transfer(0);
    return byteLength;
  }
}
