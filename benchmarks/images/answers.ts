import type { ServerProcess } from '../server-process.ts';
import { type ModelId, MODELS } from './models.ts';
import { type ServerId, SERVERS, callOf } from './servers.ts';
import { type Upload, UPLOADS } from './uploads.ts';

/** The tolerance for Node, where the same libraries read the picture. */
const SAME = 1e-5;
/** The tolerance for Python, where decoders round levels differently, and OpenCV scales with another filter. */
const ALIKE: Readonly<Record<ModelId, number>> = { digits: 0.03, net: 0.003 };

/** Nestor's answer has a list of rows, with the names of classes; the others have only the scores. */
type Answer =
  | { readonly scores: readonly number[] }
  | {
      readonly prediction: readonly (readonly number[])[];
      readonly probabilities?: readonly Readonly<Record<string, number>>[];
    };

/**
 * Sends every upload to every model of every server, and compares the answers.
 *
 * @throws Error if an answer differs from Nestor's
 */
export async function requireSameAnswers(servers: ReadonlyMap<ServerId, ServerProcess>): Promise<void> {
  const nestor = servers.get('nestor')!;
  for (const model of Object.keys(MODELS) as ModelId[]) {
    for (const upload of UPLOADS) {
      const expected = await scoresOf(nestor, model, upload);
      for (const [id, server] of servers) {
        const scores = await scoresOf(server, model, upload);
        const farthest = Math.max(...expected.map((score, at) => Math.abs(score - scores[at]!)));
        const tolerance = id === 'pillow' || id === 'opencv' ? ALIKE[model] : SAME;
        if (scores.length === expected.length && farthest <= tolerance) continue;
        throw new Error(
          `${SERVERS[id]} answers ${scores.join(', ')} to the ${upload.id} for ${model}; Nestor answers ${expected.join(', ')}`,
        );
      }
    }
  }
}

async function scoresOf({ port }: ServerProcess, model: ModelId, upload: Upload): Promise<readonly number[]> {
  const { url } = callOf(port, model, upload, 1);
  const headers = { 'content-type': upload.contentType };
  const response = await fetch(url, { method: 'POST', headers, body: new Uint8Array(upload.file) });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${url} answers ${response.status}: ${text.slice(0, 200)}`);
  const answer = JSON.parse(text) as Answer;
  return 'scores' in answer ? answer.scores : Object.values((answer.probabilities ?? answer.prediction)[0]!);
}
