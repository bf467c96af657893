import type { Metric, MetricObjectWithValues, MetricValueWithName } from 'prom-client';

type Labels = Record<string, string>;

/** One histogram of one set of labels: adding an observation is a search among a few bounds and three additions. */
export class HistogramChild {
  readonly counts: Float64Array;
  sum = 0;

  /** @param bounds the highest value of each bucket; a last bucket has higher values */
  constructor(readonly bounds: readonly number[]) {
    this.counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    const { bounds, counts } = this;
    let index = 0;
    while (index < bounds.length && value > (bounds[index] as number)) index += 1;
    counts[index] = (counts[index] as number) + 1;
    this.sum += value;
  }
}

/**
 * A Prometheus histogram whose children are bound once, when a route or a model appears, and then written without a
 * look-up of labels. prom-client's own histogram hashes the labels at every observation, which costs more than the
 * encoding of a small prediction. This one registers and exports like any metric of prom-client.
 */
export class Histogram {
  private readonly children = new Map<string, { labels: Labels; child: HistogramChild }>();

  constructor(
    readonly name: string,
    readonly help: string,
    private readonly bounds: readonly number[],
  ) {}

  /** The child with these labels, created if there is none. */
  child(labels: Labels): HistogramChild {
    const key = JSON.stringify(labels);
    let entry = this.children.get(key);
    if (entry === undefined) {
      entry = { labels, child: new HistogramChild(this.bounds) };
      this.children.set(key, entry);
    }
    return entry.child;
  }

  remove(labels: Labels): void {
    this.children.delete(JSON.stringify(labels));
  }

  reset(): void {
    this.children.clear();
  }

  /** The metric in prom-client's form. */
  async get(): Promise<MetricObjectWithValues<MetricValueWithName<string>>> {
    const values = [...this.children.values()].flatMap(({ labels, child }) => this.valuesOf(labels, child));
    return { name: this.name, help: this.help, type: 'histogram', aggregator: 'sum', values } as never;
  }

  /** The type that prom-client's registry takes, which allows only its own classes. */
  asMetric(): Metric {
    return this as unknown as Metric;
  }

  private valuesOf(labels: Labels, child: HistogramChild): MetricValueWithName<string>[] {
    let cumulative = 0;
    const buckets = [...child.counts].map((count, index) => {
      cumulative += count;
      const le = this.bounds[index] ?? '+Inf';
      return { metricName: `${this.name}_bucket`, labels: { ...labels, le }, value: cumulative };
    });
    return [
      ...buckets,
      { metricName: `${this.name}_sum`, labels, value: child.sum },
      { metricName: `${this.name}_count`, labels, value: cumulative },
    ];
  }
}
