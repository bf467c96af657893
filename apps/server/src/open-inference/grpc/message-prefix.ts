/** Before each message: one byte that tells whether it is compressed, and four with its length. */
const PREFIX_BYTES = 5;

export interface MessageEvents {
  /** @param bytes the length of the message that begins */
  begins(bytes: number, isCompressed: boolean): void;
  /** The last byte of the message has arrived. */
  ends(): void;
}

/** Finds the messages in a call's bytes as the pieces arrive. */
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
