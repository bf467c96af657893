import { Injectable } from '@nestjs/common';
import { Settings } from '#config';
import type { ModelVersion } from '#engine';
import type { InferTarget } from './infer-request.ts';

/** What the requests to each version are checked against, put together once. */
@Injectable()
export class InferTargets {
  private readonly targets = new WeakMap<ModelVersion, InferTarget>();

  constructor(private readonly settings: Settings) {}

  of(model: ModelVersion): InferTarget {
    let target = this.targets.get(model);
    if (target === undefined) {
      const { signature, batching, manifest } = model;
      target = {
        signature,
        hasRows: batching.mode !== 'request-by-request',
        maxRows: manifest.limits?.maxRows ?? this.settings.maxRows,
      };
      this.targets.set(model, target);
    }
    return target;
  }
}
