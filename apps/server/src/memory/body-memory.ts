/** Smaller bodies are cheaper to leave to the garbage collector. */
const LARGE_BYTES = 1_048_576;
/** Allocations are rounded up to steps, so that bodies of similar size can reuse each other's memory. */
const STEP_BYTES = 1_048_576;
/** How long idle memory is kept for the next body. */
const KEPT_MS = 1000;

interface Idle {
  readonly memory: ArrayBuffer;
  readonly since: number;
}

/**
 * Memory for bodies. The memory of a large body is kept for a moment, for the next body of its size. The kernel maps
 * new memory page by page, and V8 walks the whole heap about once per body. With several bodies of 19 MB in flight,
 * that takes more than half of their CPU time.
 */
export class BodyMemory {
  /** In the order in which the memory was given back. */
  readonly #idle: Idle[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** Returns memory with arbitrary content. Write it before you read it. */
  take(bytes: number): Buffer {
    if (bytes < LARGE_BYTES) return Buffer.allocUnsafe(bytes);
    return Buffer.from(this.#fitting(bytes) ?? this.#fresh(bytes), 0, bytes);
  }

  /**
   * Takes back memory from `take`. Nothing may read it afterwards: neither a run nor an encoder, whose outputs may be
   * views of the inputs.
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

  /** Allocates memory, and releases as much idle memory that did not fit, so that the total does not grow. */
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

  /** Releases memory now instead of leaving it to the garbage collector; returns its size. */
  #releaseOldest(): number {
    const { memory } = this.#idle.shift()!;
    const { byteLength } = memory;
    memory.transfer(0);
    return byteLength;
  }
}
