/**
 * Embeds texts with transformers.js, in this process, from a local folder. The parent process sends the texts and the
 * number of concurrent calls. The packages are those of the working directory.
 */
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

const folder = process.argv[2];
const { env, pipeline } = createRequire(join(process.cwd(), 'package.json'))('@huggingface/transformers');
env.allowRemoteModels = false;
env.localModelPath = dirname(folder);
const extract = await pipeline('feature-extraction', basename(folder), { dtype: 'fp32' });
const embed = (text) => extract(text, { pooling: 'mean', normalize: true });

/** A number of callers, each of whom sends the next text when it has an answer. */
async function measure({ texts, callers, seconds }) {
  const times = [];
  const [cpu, began] = [process.cpuUsage(), performance.now()];
  const end = began + seconds * 1000;
  let at = 0;
  const caller = async () => {
    while (performance.now() < end) {
      const sent = performance.now();
      await embed(texts[at++ % texts.length]);
      times.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const { user, system } = process.cpuUsage(cpu);
  return { times, seconds: (performance.now() - began) / 1000, cpuMs: (user + system) / 1000 };
}

process.on('message', async (message) => {
  if (message.text === undefined) process.send(await measure(message));
  else process.send({ vector: [...(await embed(message.text)).data] });
});
process.send('ready');
