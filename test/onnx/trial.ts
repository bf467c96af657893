import type { Case, Question } from './backend-test.ts';
import { difference } from './compare.ts';
import type { Loss, NestorServer } from './nestor-server.ts';
import { NoReplyError, type Protocol, type Reply } from './protocols.ts';
import { v2Grpc } from './v2-grpc.ts';
import { v2Binary, v2Json } from './v2-http.ts';

export const PROTOCOLS: readonly Protocol[] = [v2Binary, v2Json, v2Grpc];

const AT_ONCE = 24;
/** A slow model is asked by fewer at once, so that none of them waits until its deadline. */
const LONGEST_WAIT_MS = 5000;

/** From good to bad. `wrong` is an answer with the status of a right one; `refused` an error in its place. */
export const VERDICTS = ['right', 'refused', 'wrong', 'hung', 'crashed'] as const;

export interface Outcome {
  readonly verdict: (typeof VERDICTS)[number];
  /** Which question it was, and what is wrong; empty where all is right. */
  readonly detail: string;
}

export const RIGHT: Outcome = { verdict: 'right', detail: '' };
export const worse = (one: Outcome, other: Outcome): Outcome =>
  VERDICTS.indexOf(other.verdict) > VERDICTS.indexOf(one.verdict) ? other : one;

/** The server did not survive a question. */
export class ServerLostError extends Error {
  readonly loss: Loss;

  constructor(loss: Loss, detail: string) {
    super(detail);
    this.loss = loss;
  }
}

/** Asks a served model all that is to be asked, over each protocol. @throws ServerLostError */
export async function askEverything(server: NestorServer, question: Question): Promise<Record<string, Outcome>> {
  const outcomes: Record<string, Outcome> = {};
  for (const protocol of PROTOCOLS) outcomes[protocol.name] = await tryOver(protocol, server, question);
  return outcomes;
}

/** Each question alone, then 24 at once, all of them mixed. The worst outcome counts. */
async function tryOver(protocol: Protocol, server: NestorServer, question: Question): Promise<Outcome> {
  const cases = question.cases().filter(({ inputs }) => protocol.cannotSay(inputs) === undefined);
  if (cases.length === 0) return RIGHT;
  const ask = (one: Case): Promise<Outcome> => judged(protocol, server, question, one);
  let [outcome, slowestMs] = [RIGHT, 0];
  for (const one of cases) {
    const begun = performance.now();
    outcome = worse(outcome, await ask(one));
    slowestMs = Math.max(slowestMs, performance.now() - begun);
    if (outcome.verdict === 'hung') return outcome;
  }
  const count = Math.max(2, Math.min(AT_ONCE, Math.floor(LONGEST_WAIT_MS / slowestMs)));
  const together = await Promise.allSettled(Array.from({ length: count }, (_, at) => ask(cases[at % cases.length]!)));
  for (const one of together) {
    if (one.status === 'rejected') throw one.reason;
    const { verdict, detail } = one.value;
    if (verdict !== 'right') outcome = worse(outcome, { verdict, detail: `at once, ${detail}` });
  }
  return outcome;
}

async function judged(
  protocol: Protocol,
  server: NestorServer,
  { test, random }: Question,
  one: Case,
): Promise<Outcome> {
  try {
    const outcome = judge(one, await protocol.ask(server, test.name, one.inputs), random);
    return outcome.verdict === 'right' ? RIGHT : { ...outcome, detail: `${one.name}: ${outcome.detail}` };
  } catch (error) {
    if (!(error instanceof NoReplyError)) throw error;
    return await withoutReply(server, `${one.name} over ${protocol.name}`);
  }
}

/** What a request without a reply shows: a run that never ends, where the server itself lives. @throws ServerLostError */
export async function withoutReply(server: NestorServer, detail: string): Promise<Outcome> {
  const loss = await server.lost();
  if (loss !== undefined) throw new ServerLostError(loss, detail);
  return { verdict: 'hung', detail: `${detail}: no reply` };
}

function judge({ outputs: expected, refused }: Case, reply: Reply, random: boolean): Outcome {
  if ('status' in reply) {
    const detail = `${reply.status} ${reply.text}`;
    if (reply.status === '504' || reply.status === 'DEADLINE_EXCEEDED') return { verdict: 'hung', detail };
    return refused ? RIGHT : { verdict: 'refused', detail };
  }
  if (expected === undefined) return { verdict: 'wrong', detail: 'answers what the runtime refuses' };
  const found = difference(expected, reply.outputs, random);
  return found === undefined ? RIGHT : { verdict: 'wrong', detail: found };
}
