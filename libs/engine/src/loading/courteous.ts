import { setImmediate as turn } from 'node:timers/promises';
import type { Instance } from '#inference';

/** Gives requests to other models a turn of the event loop between the runs of tests. */
export function courteous(session: Instance): Instance {
  return {
    concurrency: session.concurrency,
    async run(inputs, outputs) {
      await turn();
      return session.run(inputs, outputs);
    },
  };
}
