import 'reflect-metadata';
import { EventEmitter, once } from 'node:events';
import {
  Body,
  Controller,
  Get,
  Injectable,
  Module,
  type OnApplicationShutdown,
  Post,
  StandardSchemaValidationPipe,
  UseFilters,
} from '@nestjs/common';
import { HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { NestorError } from '#errors';
import { getPredictorToken, InjectPredictor, PredictionErrorFilter, PredictionModule, Predictors } from '#nestjs';
import { defineModel, type Predictor } from '#predictor';
import { testModel } from '../../../test/models/test-models.ts';
import { serve, sharedServer } from '../../../test/serve.ts';
import { ModelsOnDisk, PLUS_ONE, TRUNCATED } from '../../models/src/testing/disk.fixture.ts';

type Row = { x: number };

let disk: ModelsOnDisk;
let app: NestFastifyApplication | undefined;
let logged: string[];

beforeEach(async () => {
  disk = await ModelsOnDisk.create();
  await disk.put('m/1/model.onnx', PLUS_ONE);
  logged = [];
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  await disk.remove();
});

@Controller()
@UseFilters(PredictionErrorFilter)
class PredictController {
  constructor(@InjectPredictor('m') private readonly model: Predictor<Row>) {}

  @Post('predict')
  predict(@Body() row: Row) {
    return this.model.predict(row);
  }
}

@Controller()
class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly predictors: Predictors,
  ) {}

  @Get('health')
  check() {
    return this.health.check([() => this.predictors.isReady('m')]);
  }
}

@Module({ imports: [PredictionModule.forFeature(['m'])], controllers: [PredictController] })
class PredictFeature {}

const log = (...words: unknown[]): void => void logged.push(words.join(' '));
const options: object = { logger: { log, warn: log, error: log, debug: log }, abortOnError: false };

async function start(root: unknown, ...others: unknown[]): Promise<NestFastifyApplication> {
  const imports = [root, PredictFeature, ...others] as never[];
  @Module({ imports })
  class App {}
  app = await NestFactory.create<NestFastifyApplication>(App, new FastifyAdapter(), options);
  await app.init();
  return app;
}

const post = (payload: object) => app!.inject({ method: 'POST', url: '/predict', payload });

describe('PredictionModule', () => {
  it('injects predictors, and renders what is wrong with a row', async () => {
    await start(PredictionModule.forRoot({ models: disk.path }));
    expect((await post({ x: 1 })).json()).toEqual({ prediction: 2 });
    const refused = await post({ x: 'one' });
    expect([refused.statusCode, refused.headers['content-type']]).toEqual([
      422,
      expect.stringContaining('application/problem+json'),
    ]);
    expect(refused.json()).toMatchObject({ code: 'INVALID_ROWS', status: 422, errors: [{ row: 0, field: 'x' }] });
    expect(logged).toContainEqual(expect.stringMatching(/^Loaded version 1 of m in \d+ ms: /));
  });

  it('says what to do by the names of options, not of settings', async () => {
    await start(PredictionModule.forRoot({ models: disk.path, maxRows: 1 }));
    const refused = await post([{ x: 1 }, { x: 2 }]);
    const action = 'Send fewer rows at once, or have maxRows raised.';
    expect(refused.json()).toMatchObject({ code: 'TOO_MANY_ROWS', action });
  });

  it('says when to ask again, and logs the cause of what the client is only told of', async () => {
    await start(PredictionModule.forRoot({ models: disk.path }));
    const model = app!.get(getPredictorToken('m'), { strict: false });
    const fail = (error: NestorError) => Object.assign(model, { predict: () => Promise.reject(error) });
    fail(new NestorError('QUEUE_FULL', 'Full.', { retryAfterSeconds: 2 }));
    const full = await post({ x: 1 });
    expect([full.statusCode, full.headers['retry-after'], full.json().code]).toEqual([503, '2', 'QUEUE_FULL']);
    fail(new NestorError('MODEL_FAILED', 'It failed.', { cause: new Error('in native code') }));
    const failed = await post({ x: 1 });
    expect([failed.statusCode, failed.body]).toEqual([500, expect.not.stringContaining('native')]);
    expect(logged.join()).toContain('MODEL_FAILED: It failed.');
    expect(logged.join()).toContain('in native code');
  });

  it('takes its options from a factory, and tells a health check whether a model is ready', async () => {
    const root = PredictionModule.forRootAsync({ isGlobal: true, useFactory: async () => ({ models: disk.path }) });
    @Module({ imports: [TerminusModule], controllers: [HealthController] })
    class Health {}
    await start(root, Health);
    const healthy = await app!.inject('/health');
    expect([healthy.statusCode, healthy.json()]).toEqual([
      200,
      expect.objectContaining({ status: 'ok', details: { m: { status: 'up' } } }),
    ]);
    const predictors = app!.get(Predictors, { strict: false });
    expect(predictors.get('m')).toBe(app!.get(getPredictorToken('m'), { strict: false }));
    expect(() => predictors.get('n')).toThrow("add it to PredictionModule.forFeature(['n'])");
  });

  it('says in a health check that a model is not ready', async () => {
    @Module({ imports: [TerminusModule], controllers: [HealthController] })
    class Health {}
    await start(PredictionModule.forRoot({ models: disk.path, isGlobal: true }), Health);
    const model = app!.get(getPredictorToken('m'), { strict: false });
    Object.assign(model, { isReady: async () => false });
    const unhealthy = await app!.inject('/health');
    expect([unhealthy.statusCode, unhealthy.json()]).toEqual([
      503,
      expect.objectContaining({ error: { m: { status: 'down', reason: 'the model is not ready' } } }),
    ]);
  });

  it('is to blame itself where a server knows neither its key nor its model', async () => {
    await disk.write('keys', 'alpha');
    const { url } = await serve({ API_KEYS_FILE: `${disk.path}/keys` });
    await start(PredictionModule.forRoot({ remote: url }));
    const refused = await post({ x: 1 });
    expect([refused.statusCode, refused.json().code]).toEqual([500, 'INTERNAL']);
    expect(logged.join()).toContain('PredictionError: The request has no API key.');
  });

  it('keeps Predictors from modules that do not ask for it, unless it is global', async () => {
    @Module({ imports: [TerminusModule], controllers: [HealthController] })
    class Health {}
    await expect(start(PredictionModule.forRoot({ models: disk.path }), Health)).rejects.toThrow('Predictors');
  });

  it('does not start where a model that is asked for cannot be loaded', async () => {
    await disk.put('m/1/model.onnx', TRUNCATED);
    await expect(start(PredictionModule.forRoot({ models: disk.path }))).rejects.toThrow('not a complete ONNX file');
  });

  it('asks a server in the same way, and is as ready as that', async () => {
    const { url } = await sharedServer();
    @Module({ imports: [TerminusModule, PredictionModule.forFeature(['housing'])] })
    class Feature {
      constructor(@InjectPredictor('housing') readonly housing: Predictor) {}
    }
    @Module({ imports: [PredictionModule.forRoot({ remote: url }), Feature] })
    class App {}
    const context = await NestFactory.createApplicationContext(App, options);
    const { housing } = context.get(Feature);
    const house = { CHAS: 0, RM: 6.575, TAX: 296, PTRATIO: 15.3, B: 396.9, LSTAT: 4.98 };
    expect(await housing.predict(house)).toEqual({ prediction: expect.closeTo(26.56, 1) });
    await expect(housing.predict({})).rejects.toMatchObject({ code: 'INVALID_ROWS' });
    expect(await context.get(Predictors, { strict: false }).isReady('housing')).toEqual({ housing: { status: 'up' } });
    await context.close();
  });

  it('says what is missing where it is told neither a path nor a server', async () => {
    await expect(start(PredictionModule.forRoot({} as never))).rejects.toThrow('takes the path of models, or the URL');
  });

  it('loads nothing where no predictor is asked for', async () => {
    @Module({ imports: [PredictionModule.forRoot({ models: '/nowhere' })] })
    class App {}
    const context = await NestFactory.createApplicationContext(App, options);
    await context.close();
  });
});

describe("a model's schema", () => {
  const M = defineModel<Row>({
    name: 'm',
    features: [{ name: 'x', type: 'number', input: 'x', shape: [] }],
    inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 1] }],
    hasRows: true,
  });

  @Controller()
  class SchemaController {
    constructor(@InjectPredictor(M) private readonly model: Predictor<Row>) {}
    @Post('judged')
    predict(@Body({ schema: M.schema, pipes: [new StandardSchemaValidationPipe()] }) row: Row) {
      return this.model.predict(row);
    }
  }

  it("judges a row where Nest takes a Standard Schema, before the controller's method", async () => {
    @Module({ imports: [PredictionModule.forFeature([M])], controllers: [SchemaController] })
    class Feature {}
    await start(PredictionModule.forRoot({ models: disk.path }), Feature);
    const judge = (payload: object) => app!.inject({ method: 'POST', url: '/judged', payload });
    expect((await judge({ x: 1 })).json()).toEqual({ prediction: 2 });
    const refused = await judge({ x: 'one' });
    expect([refused.statusCode, refused.json()]).toEqual([
      400,
      expect.objectContaining({ message: [expect.stringContaining('x is the string "one"')] }),
    ]);
  });
});

describe('the figures of the models', () => {
  it("are in the application's registry under the server's names, until it stops", async () => {
    const metrics = new Registry();
    await start(PredictionModule.forRoot({ models: disk.path, metrics }));
    await post({ x: 1 });
    await post({ x: 'one' });
    const text = await metrics.metrics();
    for (const line of [
      'nestor_requests_total{model="m",version="1",outcome="ok"} 1',
      'nestor_requests_total{model="m",version="1",outcome="INVALID_ROWS"} 1',
      'nestor_predictions_total{model="m",version="1"} 1',
      'nestor_model_loads_total{model="m",version="1",outcome="ok"} 1',
      'nestor_batch_rows_count{model="m",version="1"} 1',
    ])
      expect(text).toContain(line);
    await app!.close();
    expect(await metrics.metrics()).not.toContain('nestor_');
    await start(PredictionModule.forRoot({ models: disk.path, metrics }));
  });
});

describe('a stop', () => {
  it('lets the model answer what is under way', async () => {
    const models = testModel('slow').replace('/1/model.onnx', '');
    @Controller()
    class SlowController {
      constructor(@InjectPredictor('slow') private readonly slow: Predictor) {}
      @Post('slow')
      predict(@Body() row: object) {
        told.emit('asked');
        return this.slow.predict(row);
      }
    }
    const told = new EventEmitter();
    @Module({ imports: [PredictionModule.forFeature(['slow'])], controllers: [SlowController] })
    class Feature {}
    @Module({ imports: [PredictionModule.forRoot({ models, execution: 'pool', workers: 1 }), Feature] })
    class App {}
    app = await NestFactory.create<NestFastifyApplication>(App, new FastifyAdapter(), options);
    await app.listen(0, '127.0.0.1');
    const asked = once(told, 'asked');
    const body = JSON.stringify({ milliseconds: 300 });
    const headers = { 'content-type': 'application/json', connection: 'close' };
    const answered = fetch(`${await app.getUrl()}/slow`, { method: 'POST', headers, body });
    await asked;
    await app.close();
    expect((await answered).status).toBe(201);
  });

  it('closes the models after the last answer, and after all hooks of the application but the last', async () => {
    const told: unknown[] = [];
    @Injectable()
    class Last implements OnApplicationShutdown {
      constructor(@InjectPredictor('m') private readonly model: Predictor<Row>) {}
      async onModuleDestroy() {
        told.push(await this.model.predict({ x: 1 }));
      }
      async beforeApplicationShutdown() {
        told.push(await this.model.predict({ x: 2 }));
      }
      onApplicationShutdown() {
        told.push('shutdown');
      }
    }
    @Module({ imports: [PredictionModule.forFeature(['m'])], providers: [Last] })
    class Feature {}
    await start(PredictionModule.forRoot({ models: disk.path }), Feature);
    const model = app!.get<Predictor<Row>>(getPredictorToken('m'), { strict: false });
    await app!.close();
    expect(told).toEqual([{ prediction: 2 }, { prediction: 3 }, 'shutdown']);
    await expect(model.predict({ x: 1 })).rejects.toMatchObject({ code: 'MODEL_NOT_READY' });
    expect(await model.isReady()).toBe(false);
  });
});
