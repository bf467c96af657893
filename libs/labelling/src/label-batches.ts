import type { Labelled, Labeller } from './labeller.ts';
import type { Row } from './row.ts';

/**
 * Labels batches of rows as they come, in their order. Reads a batch only if there is room for it, so that memory holds
 * only the batches that are labelled at once.
 *
 * @param atOnce how many batches to label at the same time; the caller takes the first one before another is read
 */
export async function* labelBatches<Batch extends { readonly rows: readonly Row[] }>(
  batches: AsyncIterable<Batch>,
  labeller: Labeller,
  atOnce: number,
): AsyncGenerator<{ readonly batch: Batch; readonly labelled: Labelled }, void, void> {
  const ahead: { batch: Batch; labelling: Promise<Labelled> }[] = [];
  for await (const batch of batches) {
    const labelling = labeller.label(batch.rows);
    // A failure is reported in its turn, since an earlier batch may fail first.
    labelling.catch(() => undefined);
    ahead.push({ batch, labelling });
    if (ahead.length < atOnce) continue;
    const first = ahead.shift()!;
    yield { batch: first.batch, labelled: await first.labelling };
  }
  for (const { batch, labelling } of ahead) yield { batch, labelled: await labelling };
}
