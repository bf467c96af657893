import type { Labelled, Labeller } from './labeller.ts';
import type { Row } from './row.ts';

/**
 * Labels batches of rows as they come, in their order. Nothing is read before there is room for it: of all batches, so
 * many are in memory as are labelled at once.
 *
 * @param atOnce how many batches are labelled side by side; the first of them is taken before another one is read
 */
export async function* labelBatches<Batch extends { readonly rows: readonly Row[] }>(
  batches: AsyncIterable<Batch>,
  labeller: Labeller,
  atOnce: number,
): AsyncGenerator<{ readonly batch: Batch; readonly labelled: Labelled }, void, void> {
  const ahead: { batch: Batch; labelling: Promise<Labelled> }[] = [];
  for await (const batch of batches) {
    const labelling = labeller.label(batch.rows);
    // A failure is met when its turn comes; an earlier one may come first.
    labelling.catch(() => undefined);
    ahead.push({ batch, labelling });
    if (ahead.length < atOnce) continue;
    const first = ahead.shift()!;
    yield { batch: first.batch, labelled: await first.labelling };
  }
  for (const { batch, labelling } of ahead) yield { batch, labelled: await labelling };
}
