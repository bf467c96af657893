import { freeView, type TensorData, type Tensors } from '#tensor';
import type { BodyMemory } from './body-memory.ts';

/**
 * Memory that a large request lies in. It is given back once the request is answered, rather than when the garbage
 * collector comes by: left to that, it makes the collector walk the whole heap every few requests.
 */
export interface RequestMemory {
  /**
   * Gives it back. Nothing that lies in it may be looked at any more: neither by a run nor as an output, which may be an
   * input handed through.
   *
   * @param inputs what was read from the body
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

/** What stands before a message of gRPC in its memory: whether it is compressed, and its length. */
const FRAME_BYTES = 5;

/** Memory that came with the request: its message, and the tensors that were made of it. */
export class ReceivedMemory implements RequestMemory {
  constructor(private readonly message: Buffer) {}

  giveBack(inputs: readonly Tensors[]): void {
    freeView(this.message, FRAME_BYTES);
    for (const { datatype, data } of inputs.flatMap((tensors) => Object.values(tensors))) {
      if (datatype !== 'BYTES') freeView(data as Exclude<TensorData, string[]>);
    }
  }
}
