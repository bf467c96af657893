/** Before each message: a byte that says whether it is compressed, and four that say its length. */
const PREFIX_BYTES = 5;

/** What hears of the messages in the bytes of a call. */
export interface MessageEvents {
  /** A message begins, of so many bytes. */
  begins(bytes: number, isCompressed: boolean): void;
  /** The last byte of a message came. */
  ends(): void;
}

/** Finds the messages in the bytes of a call, as its pieces come. */
export class MessagePrefixes {
  readonly #events: MessageEvents;
  readonly #prefix = Buffer.alloc(PREFIX_BYTES);
  #prefixLength = 0;
  #bytesLeft = 0;

  constructor(events: MessageEvents) {
    this.#events = events;
  }

  read(piece: Buffer): void {
    for (let at = 0; at < piece.length;) {
      at += this.#prefixLength < PREFIX_BYTES ? this.#readPrefix(piece, at) : this.#skip(piece.length - at);
    }
  }

  #readPrefix(piece: Buffer, at: number): number {
    const bytes = piece.copy(this.#prefix, this.#prefixLength, at);
    this.#prefixLength += bytes;
    if (this.#prefixLength === PREFIX_BYTES) {
      this.#bytesLeft = this.#prefix.readUInt32BE(1);
      this.#events.begins(this.#bytesLeft, this.#prefix[0] === 1);
      this.#skip(0);
    }
    return bytes;
  }

  #skip(most: number): number {
    const bytes = Math.min(most, this.#bytesLeft);
    this.#bytesLeft -= bytes;
    if (this.#bytesLeft === 0) {
      this.#prefixLength = 0;
      this.#events.ends();
    }
    return bytes;
  }
}
