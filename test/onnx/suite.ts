import type { Question } from './backend-test.ts';
import { limitOf } from './limits.ts';
import { type Loss, NestorServer, type ServedFile } from './nestor-server.ts';
import { type Outcome, ServerLostError, VERDICTS } from './trial.ts';

/** What became of a model in one form. */
export interface Finding {
  readonly question: Question;
  /**
   * `asked`: see the outcomes. `unknown`: the runtime does not load it in Python either. `limit`: it cannot be served, as
   * the limits say. `not loaded`: it should be. A model at whose load the server is lost has that as its outcome.
   */
  readonly state: 'asked' | 'unknown' | 'limit' | 'not loaded';
  /** By protocol, where it was asked. */
  readonly outcomes: Readonly<Record<string, Outcome>>;
  /** Why it is not loaded. */
  readonly reason: string;
  /** What its rows are and what tells so, such as `independent, by the graph`, where it is loaded. */
  readonly rows: string | undefined;
}

/** What may be wrong with a model. */
export const FAULTS = ['not loaded', 'refused', 'wrong', 'hung', 'crashed'] as const;

/** What is wrong with a model; undefined where nothing is. */
export function verdictOf(finding: Finding): (typeof FAULTS)[number] | undefined {
  if (finding.state === 'not loaded') return 'not loaded';
  if (finding.state !== 'asked') return undefined;
  const { verdict } = worstOf(finding);
  return verdict === 'right' ? undefined : verdict;
}

/** The worst over the protocols. */
export function worstOf({ outcomes }: Finding): Outcome {
  return Object.values(outcomes).reduce((worst, one) =>
    VERDICTS.indexOf(one.verdict) > VERDICTS.indexOf(worst.verdict) ? one : worst,
  );
}

/** Prints what is wrong with a model. */
export function tell(finding: Finding): void {
  const verdict = verdictOf(finding);
  if (verdict === undefined) return;
  const { form, test } = finding.question;
  console.log(
    `${form}: ${verdict}: ${test.name}: ${verdict === 'not loaded' ? finding.reason : worstOf(finding).detail}`,
  );
}

/** The outcome of a model at which the server was lost: it is that of every protocol. */
const ALL = 'all';

export const outcomeOver = ({ outcomes }: Finding, protocol: string): Outcome => (outcomes[protocol] ?? outcomes[ALL])!;

const TOGETHER = 60;

/**
 * Asks a served model what there is to ask, over each protocol.
 * @throws ServerLostError
 */
export type Trial = (server: NestorServer, question: Question) => Promise<Readonly<Record<string, Outcome>>>;

/** Serves the models in groups and tries each. A server that is lost is started without the culprit. */
export async function* tryAll(questions: readonly Question[], trial: Trial): AsyncGenerator<Finding> {
  for (const group of groups(questions)) yield* tryGroup(group, trial);
}

/** Models of one form, in the order in which they are loaded. A large network stands alone. */
function groups(questions: readonly Question[]): Question[][] {
  const byForm = Map.groupBy(questions, ({ form }) => form);
  return [...byForm.values()].flatMap((ofForm) => {
    const [large, small] = [true, false].map((isLarge) =>
      ofForm.filter((one) => fileName(one).startsWith('light_') === isLarge),
    );
    const sorted = small!.sort((one, other) => (fileName(one) < fileName(other) ? -1 : 1));
    const count = Math.ceil(sorted.length / TOGETHER);
    return [
      ...Array.from({ length: count }, (_, at) => sorted.slice(at * TOGETHER, (at + 1) * TOGETHER)),
      ...large!.map((one) => [one]),
    ];
  });
}

const fileName = ({ test }: Question): string => `${test.name}.onnx`;
const served = ({ test, path }: Question): ServedFile => ({ name: test.name, path });

async function* tryGroup(group: readonly Question[], trial: Trial): AsyncGenerator<Finding> {
  let left = group;
  while (left.length > 0) {
    const server = await NestorServer.start(left.map(served));
    if (!(server instanceof NestorServer)) {
      yield* findCulprit(left, server, trial);
      return;
    }
    const tried = new Set<Question>();
    try {
      for await (const finding of tryServed(server, left, trial)) {
        tried.add(finding.question);
        yield finding;
      }
    } finally {
      await server.stop();
    }
    left = left.filter((one) => !tried.has(one));
  }
}

/** One of these loses the server at its load: it shows itself among ever fewer. */
async function* findCulprit(group: readonly Question[], loss: Loss, trial: Trial): AsyncGenerator<Finding> {
  if (group.length === 1) {
    yield lostAt(group[0]!, loss, 'at the load');
    return;
  }
  const half = Math.ceil(group.length / 2);
  yield* tryGroup(group.slice(0, half), trial);
  yield* tryGroup(group.slice(half), trial);
}

/** Tries one after the other, until all are tried or the server is lost. */
async function* tryServed(server: NestorServer, questions: readonly Question[], trial: Trial): AsyncGenerator<Finding> {
  const { models } = await server.get('/models');
  for (const question of questions) {
    const [version] = models.find(({ name }: any) => name === question.test.name).versions;
    if (version.state !== 'ready') {
      yield unserved(question, String(version.reason));
      continue;
    }
    const { served } = await server.get(`/models/${question.test.name}`);
    const state = question.refused === undefined ? 'asked' : 'unknown';
    const { kind, by } = served[0].rows;
    const rows = `${kind}, by the ${by}`;
    try {
      yield { question, state, outcomes: await trial(server, question), reason: '', rows };
    } catch (error) {
      if (!(error instanceof ServerLostError)) throw error;
      yield lostAt(question, error.loss, error.message);
      return;
    }
  }
}

function unserved(question: Question, reason: string): Finding {
  const state =
    question.refused !== undefined ? 'unknown' : limitOf(question.test) !== undefined ? 'limit' : 'not loaded';
  return { question, state, outcomes: {}, reason, rows: undefined };
}

function lostAt(question: Question, loss: Loss, detail: string): Finding {
  return { question, state: 'asked', outcomes: { [ALL]: { verdict: loss, detail } }, reason: '', rows: undefined };
}
