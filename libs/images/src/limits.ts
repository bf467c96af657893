/** What one picture may cost, so that a file of a few bytes cannot ask for any amount of memory or time. */
export const LIMITS = {
  /** Pixels of a picture: more than most cameras make. */
  pixels: 50_000_000,
  /** Bytes of a picture once it is decoded, all channels at their depth. */
  decodedBytes: 160 * 2 ** 20,
  /** Seconds that the decoding of one picture may take. */
  seconds: 10,
  /** Files, in bytes, that may wait for their decoding; a request larger than that waits alone. */
  heldBytes: 128 * 2 ** 20,
  /** Bytes of the tensor that the pictures of one request become. */
  tensorBytes: 256 * 2 ** 20,
} as const;
