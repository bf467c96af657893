import { freeView, type TensorData, type Tensors } from '#tensor';
import type { BodyMemory } from './body-memory.ts';

/**
 * The memory of a large request. It is given back once the request is answered. Left to the garbage collector, it would
 * make the collector walk the whole heap every few requests.
 */
export interface RequestMemory {
  /**
   * Gives the memory back. Nothing may read it afterwards: neither a run nor an encoder, whose outputs may be views of
   * the inputs.
   *
   * @param inputs the tensors read from the body
   */
  giveBack(inputs: readonly Tensors[]): void;
}

/** Memory lent for a body; large inputs are views of it. */
export class LentMemory implements RequestMemory {
  constructor(
    private readonly lender: BodyMemory,
    private readonly memory: Buffer,
  ) {}

  giveBack(): void {
    this.lender.giveBack(this.memory);
  }
}

/** The prefix of a gRPC message, which shares its memory: a compression flag and the length. */
const FRAME_BYTES = 5;

/** The memory of a received message and of the tensors read from it. */
export class ReceivedMemory implements RequestMemory {
  constructor(private readonly message: Buffer) {}

  giveBack(inputs: readonly Tensors[]): void {
    freeView(this.message, FRAME_BYTES);
    for (const { datatype, data } of inputs.flatMap((tensors) => Object.values(tensors))) {
      if (datatype !== 'BYTES') freeView(data as Exclude<TensorData, string[]>);
    }
  }
}
