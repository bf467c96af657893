import { setImmediate as turn } from 'node:timers/promises';
import type { Instance } from '#inference';

/** While rows are tested, requests to other models have their turn of the event loop between two runs. */
export function courteous(session: Instance): Instance {
  return {
    concurrency: session.concurrency,
    async run(inputs, outputs) {
      await turn();
      return session.run(inputs, outputs);
    },
  };
}
