/** Rows do not get through a node. The message goes on from the node's name: "runs along dimension 0". */
export abstract class Stop extends Error {
  abstract readonly kind: 'mixes' | 'unknown';
}

/** The node makes rows influence each other, or makes their place or their number matter. */
export class Mixes extends Stop {
  override readonly kind = 'mixes';
}

/** What the node does with rows is not known here. */
export class Unknown extends Stop {
  override readonly kind = 'unknown';
}

/** What a node makes differs from run to run: not even of constants does it make constants. */
export class Random extends Stop {
  override readonly kind = 'unknown';

  constructor() {
    super('is random');
  }
}

export function mixes(how: string): never {
  throw new Mixes(how);
}

export function unknown(why: string): never {
  throw new Unknown(why);
}

/** The most frequent way to mix rows. */
export function runsAlong(axis: number): never {
  throw new Mixes(`runs along dimension ${axis}`);
}
