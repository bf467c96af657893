import 'reflect-metadata';
import { type DynamicModule, type INestApplicationContext, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { getPredictorToken, InjectPredictor, PredictionModule, Predictors } from '#nestjs';
import type { Predictor } from '#predictor';
import { ModelsOnDisk, PLUS_ONE, PLUS_TWO } from '../../models/src/testing/disk.fixture.ts';

let first: ModelsOnDisk;
let second: ModelsOnDisk;
let app: INestApplicationContext | undefined;

beforeEach(async () => {
  [first, second] = [await ModelsOnDisk.create(), await ModelsOnDisk.create()];
  await first.put('m/1/model.onnx', PLUS_ONE);
  await second.put('m/1/model.onnx', PLUS_TWO);
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  await Promise.all([first.remove(), second.remove()]);
});

@Module({ imports: [PredictionModule.forFeature(['m']), PredictionModule.forFeature(['m'], 'second')] })
class Feature {
  constructor(
    @InjectPredictor('m') readonly unnamed: Predictor,
    @InjectPredictor('m', 'second') readonly second: Predictor,
    readonly predictors: Predictors,
  ) {}
}

const options: object = { logger: false, abortOnError: false };

async function start(...imports: readonly (DynamicModule | Type)[]): Promise<INestApplicationContext> {
  @Module({ imports: [...imports] })
  class App {}
  app = await NestFactory.createApplicationContext(App, options);
  return app;
}

describe('several forRoot in one application', () => {
  it('have models of their own, by their names', async () => {
    const metrics = new Registry();
    await start(
      PredictionModule.forRoot({ models: first.path, metrics }),
      PredictionModule.forRootAsync({ name: 'second', useFactory: () => ({ models: second.path, metrics }) }),
      Feature,
    );
    const { unnamed, second: named, predictors } = app!.get(Feature);
    expect([await unnamed.predict({ x: 1 }), await named.predict({ x: 1 })]).toEqual([
      { prediction: 2 },
      { prediction: 3 },
    ]);
    expect(app!.get(getPredictorToken('m', 'second'), { strict: false })).toBe(named);
    expect([predictors.get('m'), predictors.get('m', 'second')]).toEqual([unnamed, named]);
    expect(await predictors.isReady('m', 'second')).toEqual({ m: { status: 'up' } });
    expect(() => predictors.get('n', 'second')).toThrow("add it to PredictionModule.forFeature(['n'], 'second')");
  });

  it('put their figures into one registry, until the last has stopped', async () => {
    const metrics = new Registry();
    await second.put('n/1/model.onnx', PLUS_TWO);
    await second.delete('m');
    @Module({ imports: [PredictionModule.forFeature(['m']), PredictionModule.forFeature(['n'], 'second')] })
    class OfBoth {
      constructor(
        @InjectPredictor('m') readonly m: Predictor,
        @InjectPredictor('n', 'second') readonly n: Predictor,
      ) {}
    }
    await start(
      PredictionModule.forRoot({ models: first.path, metrics }),
      PredictionModule.forRoot({ name: 'second', models: second.path, metrics }),
      OfBoth,
    );
    await app!.get(OfBoth).m.predict({ x: 1 });
    await app!.get(OfBoth).n.predict([{ x: 1 }, { x: 2 }]);
    const text = await metrics.metrics();
    for (const line of ['predictions_total{model="m",version="1"} 1', 'predictions_total{model="n",version="1"} 2'])
      expect(text).toContain(line);
    for (const name of ['m', 'n'])
      expect(text).toContain(`nestor_model_state{model="${name}",version="1",state="ready"}`);
    await app!.close();
    expect(await metrics.metrics()).not.toContain('nestor_');
  });

  it('need names, of which no two are the same', async () => {
    const roots = (name?: string) =>
      [first, second].map(({ path }) => PredictionModule.forRoot({ models: path, ...(name && { name }) }));
    await expect(start(...roots())).rejects.toThrow(
      'PredictionModule.forRoot() is in several modules of the application: import it in one of them, or give the others names of their own, as in forRoot({ name: "second", … }).',
    );
    await expect(start(...roots('second'))).rejects.toThrow("PredictionModule.forRoot({ name: 'second' }) is in");
  });

  it('are named in the error where forFeature asks for one that is not there', async () => {
    const unnamed = PredictionModule.forRoot({ models: first.path });
    await expect(start(unnamed, Feature)).rejects.toThrow("PredictionModule.forRoot({ name: 'second' })");
  });

  it('are one where the same stands in several modules', async () => {
    const root = PredictionModule.forRoot({ models: first.path });
    @Module({ imports: [root, PredictionModule.forFeature(['m'])] })
    class Other {}
    await start(root, Other);
    expect(await app!.get(Predictors, { strict: false }).isReady('m')).toEqual({ m: { status: 'up' } });
  });
});
