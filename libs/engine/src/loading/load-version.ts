import { openDetector } from '#detections';
import { type Feature, resolveFeatures, RowReader } from '#features';
import type { ImageReader } from '#images';
import { type RunCost, Scheduler, type SchedulerObserver, type SchedulerOptions } from '#inference';
import { deadlyOperator, type ModelSource, OnnxSession, type OnnxSessions, readSource, SessionPool } from '#onnx';
import type { Signature, Tensors } from '#tensor';
import { withDetection, withPictures } from '../detection/detection-manifest.ts';
import { withDetectorFolder } from '../detection/detector-folder.ts';
import { ModelVersion } from '../model-version.ts';
import type { RequestLimits } from '../request.ts';
import { explainRunFailure } from '../run-failure.ts';
import { foreseeRows, type RowsForeseen } from '../rows/foresee-rows.ts';
import type { RowsDecision } from '../rows/rows-decision.ts';
import { dimensionNames } from '../rows/shared-symbols.ts';
import { openText } from '../text/open-text.ts';
import type { TextModel } from '../text/text-model.ts';
import { costOfTexts, planTextExecution, tokensOfRun, tryText } from '../text/try-text.ts';
import { withAnsweredShapes, withSeenSizes } from './answered-shapes.ts';
import { batchingOf, planBatching } from './batching.ts';
import { exampleInputs } from './example-rows.ts';
import { columnsByFile } from './columns-by-file.ts';
import {
  affordableWorkers,
  type ExecutionPlan,
  LONGEST_INLINE_MS,
  LONGEST_SERVED_INLINE_MS,
  planExecution,
  type Workers,
} from './execution.ts';
import { courteous } from './courteous.ts';
import { type ResolvedOptions, settle, type SettledOptions, type Where } from './version-options.ts';
import { guardOf } from './guard.ts';
import { withInputShapes } from './input-shapes.ts';
import { withEmbedding } from './image-embedding.ts';
import { openImageReader } from './open-image-reader.ts';
import { openWriter } from './open-writer.ts';
import { Placement } from './placement.ts';
import { explain, type VersionSource, withImagePreset } from './version-source.ts';
import { type Trial, type WarmUp, warmUp } from './warm-up.ts';

type Session = OnnxSession | SessionPool;

/** The environment in which a version is loaded. */
export interface LoadSurroundings {
  /** Opens its sessions. */
  readonly sessions: OnnxSessions;
  /** The CPUs that may be used. */
  readonly cpus: number;
  /** Bytes of memory that may be used; without it, copies of a model are not limited. */
  readonly memory?: number;
  /**
   * Decides where the model runs first. Inline is fast, and the default; the pool keeps the event loop free for other
   * models. Throws if the version must not be loaded.
   */
  readonly first?: (model: ModelSource) => Promise<Where>;
  /** Waits until no other version is being loaded, since loading measures the cost of runs. */
  readonly alone?: (load: () => Promise<ModelVersion>) => Promise<ModelVersion>;
  /** Called when rows of the version turn out to affect each other, and run one by one from then on. */
  readonly separated?: (version: ModelVersion) => void;
  /** Called when the version moves to the pool. */
  readonly moved?: (version: ModelVersion) => void;
  /** Observes the version's runs. */
  readonly observer?: SchedulerObserver | undefined;
}

/**
 * Loads a version: opens its file, compiles its features, warms it up, and decides where it runs, from the cost of
 * runs, and the kind of its rows. If anything fails, it closes what it opened.
 *
 * @throws RepositoryError saying what is wrong with the version, and what to do
 */
export async function loadVersion(
  source: VersionSource,
  options: ResolvedOptions,
  surroundings: LoadSurroundings,
): Promise<ModelVersion> {
  const started = performance.now();
  try {
    const model = withInputShapes(await readSource(source.path), source.manifest);
    const place = (await surroundings.first?.(model)) ?? 'inline';
    const load = async (): Promise<ModelVersion> => {
      const said = await withDetectorFolder(withImagePreset(source), model.file);
      const loading = new Loading(said, model, options, surroundings);
      try {
        return await loading.load(place, started);
      } catch (error) {
        await loading.abandon();
        throw error;
      }
    };
    return await (surroundings.alone?.(load) ?? load());
  } catch (error) {
    throw explain(source, error);
  }
}

/** The results of a model's first runs. */
interface Tried {
  readonly rows: RowsDecision;
  /** The maximum rows of one run or, for texts, tokens. */
  readonly maxBatchSize: number;
  /** The cost of runs, by rows or by tokens of texts; undefined if nothing ran. */
  readonly cost: RunCost | undefined;
  readonly execution: ExecutionPlan;
  /** The model's answers in these runs. */
  readonly answers: readonly Tensors[];
}

interface Readers {
  /** The signature for requests and responses. */
  readonly signature: Signature;
  readonly features: readonly Feature[];
  readonly reader: RowReader;
  readonly images: ImageReader | undefined;
}

/** The loading of one version. */
class Loading {
  /** Once the file is open, its manifest includes the `image` block that the file shows. */
  #source: VersionSource;
  readonly #settings: SettledOptions & Partial<Workers>;
  readonly #surroundings: LoadSurroundings;
  readonly #model: ModelSource;
  #session: Session | undefined;
  /** Set for a text model. */
  #text: TextModel | undefined;

  constructor(source: VersionSource, model: ModelSource, settings: ResolvedOptions, surroundings: LoadSurroundings) {
    this.#source = source;
    this.#model = model;
    const takesTokens = model.file.graph.inputs.some(({ name }) => name === 'input_ids');
    const settled = settle(settings, takesTokens, surroundings.cpus);
    const { memory = Infinity } = surroundings;
    const affordable = settings.workers === undefined ? affordableWorkers(settled.workers, model.size, memory) : {};
    this.#settings = { ...settled, ...affordable };
    this.#surroundings = surroundings;
  }

  async load(first: Where, started: number): Promise<ModelVersion> {
    const { manifest: given, manifestPath, name, version, path } = this.#source;
    const { where, maxBatchWaitMs } = this.#settings;
    const source = this.#model;
    const opening = await this.#open(where === 'auto' ? first : where);
    this.#source = { ...this.#source, manifest: withPictures(given, opening.signature, source.file) };
    this.#text = await openText(given, opening.signature, path);
    const limits = { emptyDimensions: deadlyOperator(source.file) === undefined, ...this.#settings.limits };
    const foreseen = foreseeRows(given, opening.signature, source.file, manifestPath);
    const mayHaveRows = this.#text !== undefined || foreseen.decision?.kind !== 'none';
    const expected = this.#readers(mayHaveRows, limits);
    const opened = performance.now();
    const { cost, rows, maxBatchSize, answers, ...tried } = await this.#try(expected, foreseen);
    const { maxRows: _, ...execution } = tried.execution;
    const hasRows = rows.kind !== 'none';
    const { signature: sent, ...readers } = hasRows === mayHaveRows ? expected : this.#readers(hasRows, limits);
    const signature = this.#text === undefined ? withAnsweredShapes(sent, answers) : sent;
    const seen = withSeenSizes(signature, answers);
    const manifest = withEmbedding(withDetection(given, seen, source.file), seen);
    const detector = manifest.detection && openDetector(manifest.detection, seen, manifest.labels);
    const said = { manifest, detector, file: source.file, answers };
    const writer = openWriter(this.#text, signature, hasRows, said);
    const codecs = { ...readers, images: manifest.image && readers.images, detector, writer };
    const placement = new Placement(this.#surroundings.sessions, this.#session!);
    const mayMove = where === 'auto' && execution.where === 'inline';
    const ended = performance.now();
    const mixing = (reason: string): void => {
      loaded.separateRows(reason);
      this.#surroundings.separated?.(loaded);
    };
    const rowCost = this.#text === undefined ? cost : cost && costOfTexts(cost);
    const timings = { loadMs: ended - started, warmupMs: ended - opened, msPerRow: rowCost?.msPerRow ?? {} };
    const loaded: ModelVersion = new ModelVersion({
      ...{ name, version, manifest, source, signature, unservedOutputs: opening.unservedOutputs },
      ...{ ...codecs, limits, timings, rows, text: this.#text },
      scheduler: this.#scheduler({
        ...{ maxBatchSize, cost, paddings: this.#text?.paddings },
        guard: guardOf(opening.signature, source.file, { ...limits, hasRows }),
        explain: explainRunFailure(source.file),
        longRuns: mayMove
          ? { ms: LONGEST_SERVED_INLINE_MS, told: () => void this.#move(loaded, placement) }
          : undefined,
        onMixing: rows.by === 'tests' ? mixing : undefined,
      }),
      batching: { ...batchingOf(this.#text, maxBatchSize), maxBatchWaitMs },
      execution,
      dispose: () => placement.close(),
    });
    return loaded;
  }

  /** The readers of requests. */
  #readers(hasRows: boolean, limits: RequestLimits): Readers {
    const { manifest } = this.#source;
    const signature = this.#text?.signature ?? this.#session!.signature;
    const names = (input: string) => dimensionNames(this.#model.file, input);
    const declared = manifest.features ?? columnsByFile(this.#model.file, signature);
    const features = resolveFeatures(declared, signature, hasRows, names);
    return {
      signature,
      features,
      reader: new RowReader(features, signature, { ...limits, hasRows }),
      images: manifest.image && openImageReader(manifest.image, signature, features, { ...limits, hasRows }),
    };
  }

  /** Closes what was opened. */
  async abandon(): Promise<void> {
    if (this.#session !== undefined) await this.#surroundings.sessions.close(this.#session);
  }

  /** Runs the model, moves it to its place, and tests how its rows may share runs. */
  async #try({ reader, images }: Readers, foreseen: RowsForeseen): Promise<Tried> {
    if (this.#text !== undefined) return this.#tryText(this.#text, reader, foreseen);
    const { manifest } = this.#source;
    const signature = images?.signature ?? this.#session!.signature;
    const { mostRows, answers, ...found } = await this.#warmUp(reader, signature, foreseen);
    const wish = { ...this.#settings, ...found, maxRows: mostRows };
    const execution = planExecution(wish, found.cost, this.#surroundings.cpus);
    const instance = courteous(await this.#open(execution.where));
    const tried = { ...found, manifest, signature, instance, mostRows: execution.maxRows };
    const { rows, maxBatchRows } = await planBatching(tried, foreseen);
    return { cost: found.cost, execution, answers, rows, maxBatchSize: maxBatchRows };
  }

  async #tryText(text: TextModel, reader: RowReader, foreseen: RowsForeseen): Promise<Tried> {
    const { manifest, manifestPath } = this.#source;
    const examples = exampleInputs(reader, manifest.examples ?? [], manifestPath);
    const tried = await tryText(text, courteous(this.#session!), { manifest, examples, foreseen });
    const execution = planTextExecution(this.#settings, tried, this.#surroundings.cpus);
    await this.#open(execution.where);
    return { ...tried, execution, answers: [], maxBatchSize: tokensOfRun(tried, execution) };
  }

  async #warmUp(reader: RowReader, signature: Signature, { decision }: RowsForeseen): Promise<WarmUp> {
    const { manifest, manifestPath } = this.#source;
    const given = manifest.examples ?? [];
    const mayBatch = decision === undefined || decision.kind === 'independent';
    const trial: Trial = {
      signature,
      examples: exampleInputs(reader, given, manifestPath),
      given: given.length,
      hasRows: decision?.kind !== 'none',
      maxRows: mayBatch ? this.#settings.mostBatchRows : 1,
      file: this.#model.file,
    };
    const tried = await warmUp(this.#session!, trial);
    return this.#mayRunInline(tried.cost) ? warmUp(await this.#open('inline'), trial) : tried;
  }

  /** Whether a model was fast in the pool. Only the event loop shows its cost without a round trip. */
  #mayRunInline(cost: RunCost | undefined): boolean {
    return (
      this.#settings.where === 'auto' &&
      this.#session instanceof SessionPool &&
      cost !== undefined &&
      cost.ms(1) <= LONGEST_INLINE_MS
    );
  }

  /** Opens the session in its place, and then closes one that is open elsewhere. */
  async #open(where: Where): Promise<Session> {
    const before = this.#session;
    if (before !== undefined && before instanceof (where === 'inline' ? OnnxSession : SessionPool)) return before;
    const { intraOpThreads, workers } = this.#settings;
    const { sessions } = this.#surroundings;
    this.#session =
      where === 'inline'
        ? await sessions.open(this.#model, { intraOpThreads })
        : await sessions.openPool(this.#model, { intraOpThreads, workers });
    if (before !== undefined) await sessions.close(before);
    return this.#session;
  }

  #scheduler(
    found: Pick<SchedulerOptions, 'maxBatchSize' | 'paddings' | 'cost' | 'guard' | 'explain' | 'longRuns' | 'onMixing'>,
  ): Scheduler {
    const { observer } = this.#surroundings;
    const { maxBatchWaitMs, maxQueueMs, maxQueuedBytes } = this.#settings;
    return new Scheduler(this.#session!, { maxBatchWaitMs, maxQueueMs, maxQueuedBytes, ...found, observer });
  }

  /** Moves the version to the pool, after requests showed that its runs block the event loop. */
  async #move(loaded: ModelVersion, placement: Placement): Promise<void> {
    const { sessions, moved } = this.#surroundings;
    const { intraOpThreads, workers } = this.#settings;
    const open = (): Promise<SessionPool> => sessions.openPool(this.#model, { intraOpThreads, workers });
    // If the files have changed, runs stay where they are until the new files are loaded and measured.
    if (!(await placement.move(loaded.scheduler, open).catch(() => false))) return;
    const reason = `moved while serving: runs took over ${LONGEST_SERVED_INLINE_MS} ms, too long for the event loop`;
    loaded.movedTo({ where: 'pool', workers, intraOpThreads, reason });
    moved?.(loaded);
  }
}
