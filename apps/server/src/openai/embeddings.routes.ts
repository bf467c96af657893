import { endianness } from 'node:os';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { Engine, type ModelVersion, type TextModel } from '#engine';
import { NestorError } from '#errors';
import type { Tensors } from '#tensor';
import { normalised } from '#text';
import type { HttpPrediction } from '../http/operation.ts';
import { sendText } from '../http/send-text.ts';
import { Pipeline } from '../prediction/pipeline.ts';
import {
  requireWhole,
  runOfTexts,
  targetFor,
  textModelFor,
  textsIn,
  type TextsQuestion,
  vectorJson,
  vectorsOf,
} from '../prediction/texts.ts';
import { embeddingsRequest } from './embeddings-request.ts';
import { renderError } from './error-form.ts';

interface EmbeddingsQuestion extends TextsQuestion {
  readonly isBase64: boolean;
  /** The length of each vector in the response; the whole vector if undefined. */
  readonly dimensions: number | undefined;
}

const WHOLE = "OpenAI's format cannot tell that a text was cut. Send it in parts, or use /models/{name}/predict.";

/** `POST /v1/embeddings` in OpenAI's form. */
@Injectable()
export class EmbeddingsRoutes implements OnModuleInit {
  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly pipeline: Pipeline,
    @Inject(Engine) private readonly engine: Engine,
  ) {}

  onModuleInit(): void {
    const fastify = this.adapterHost.httpAdapter.getInstance<FastifyInstance>();
    const operation: HttpPrediction<EmbeddingsQuestion, string> = {
      name: 'prediction',
      access: 'key',
      probe: false,
      renderError,
      target: (request) => targetFor(this.engine, 'text-embedding', embeddingsRequest(request).model),
      decode: async (request, model, { gone }) => {
        const { input, isBase64, dimensions } = embeddingsRequest(request);
        const text = textModelFor(model, 'text-embedding');
        requireDimensions(text, dimensions);
        const texts = await text.readGiven(textsIn(input, 'input', model.limits.maxRows), gone);
        requireWhole(texts, text, WHOLE);
        return { run: runOfTexts(texts), texts, isBase64, dimensions };
      },
      encode: embeddings,
      describe: ({ body }, answer) => ({ payload: (body as Buffer).toString(), answer }),
    };
    fastify.post('/v1/embeddings', { config: { operation } }, async (request, reply) =>
      sendText(reply, 'application/json', await this.pipeline.answer(operation, request)),
    );
  }
}

function requireDimensions({ plan, width }: TextModel, dimensions: number | undefined): void {
  if (dimensions === undefined || dimensions === width || plan.dimensions.includes(dimensions)) return;
  const sizes = [...plan.dimensions, width].join(', ');
  throw new NestorError(
    'INVALID_REQUEST',
    `"dimensions" is ${dimensions}; the embeddings of this model can have ${sizes} dimensions (add others to "text": {"dimensions": [...]} in model.json).`,
  );
}

function embeddings(
  outputs: Tensors,
  { texts, isBase64, dimensions }: EmbeddingsQuestion,
  model: ModelVersion,
): string {
  const data = vectorsOf(outputs['embedding']!).map((whole, index) => {
    const isWhole = dimensions === undefined || dimensions === whole.length;
    const vector = isWhole ? whole : normalised(whole.subarray(0, dimensions));
    const embedding = isBase64 ? `"${base64(vector)}"` : vectorJson(vector);
    return `{"object":"embedding","index":${index},"embedding":${embedding}}`;
  });
  const tokens = texts.reduce((sum, text) => sum + text.tokens.ids.length, 0);
  const usage = `{"prompt_tokens":${tokens},"total_tokens":${tokens}}`;
  return `{"object":"list","data":[${data.join(',')}],"model":${JSON.stringify(model.name)},"usage":${usage}}`;
}

/** 32-bit floats, little-endian. */
function base64(vector: Float32Array): string {
  const bytes = Buffer.from(vector.slice().buffer);
  return (endianness() === 'LE' ? bytes : bytes.swap32()).toString('base64');
}
