/**
 * A minimal Node server for uploaded pictures: `node:http`, sharp and the runtime, with one run per picture. It checks,
 * logs and limits nothing. MODELS is a JSON object of its models by name.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { centred } from '../../libs/images/src/centre.ts';
import type { Model } from '../images/models.ts';
import { type Preprocessing, readCovering, standardised } from './read-picture.ts';
import { serveBodies } from './serve-bodies.ts';
import { OPTIONS } from './session-options.ts';

/** The size at which it looks for a drawing, as with `centre` in a manifest. */
const WORKING_SIDE = 512;

const models = JSON.parse(process.env['MODELS']!) as Record<string, Model>;
const sessions = new Map<string, InferenceSession>();
for (const [name, { file }] of Object.entries(models)) sessions.set(name, await InferenceSession.create(file, OPTIONS));

/** A drawing as in MNIST, centred in the same way as in Nestor, since the model requires it. */
async function readDrawing(file: Buffer, image: Preprocessing): Promise<Float32Array> {
  const inside = { width: WORKING_SIDE, height: WORKING_SIDE, fit: 'inside', withoutEnlargement: true } as const;
  const { data, info } = await sharp(file)
    .resize({ ...inside, kernel: 'linear', fastShrinkOnLoad: false })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const ink = { width: info.width, height: info.height, channels: 1, data: inkOf(data) } as const;
  const drawing = centred(ink, image.width, image.height);
  if (drawing === undefined) throw new TypeError('The picture is blank');
  return standardised(drawing.data, image);
}

/** The darkness of each pixel, by ITU-R 601. */
function inkOf(colours: Uint8Array): Uint8Array {
  const ink = new Uint8Array(colours.length / 3);
  for (let pixel = 0, at = 0; pixel < ink.length; pixel += 1, at += 3)
    ink[pixel] = 255 - Math.round((299 * colours[at]! + 587 * colours[at + 1]! + 114 * colours[at + 2]!) / 1000);
  return ink;
}

async function predict(name: string, file: Buffer): Promise<readonly number[]> {
  const { image, input, output } = models[name]!;
  const levels = await (image.centre ? readDrawing : readCovering)(file, image);
  const tensor = new Tensor('float32', levels, [1, image.mean.length, image.height, image.width]);
  const outputs = await sessions.get(name)!.run({ [input]: tensor }, [output]);
  return Array.from(outputs[output]!.data as Float32Array);
}

/** @param url /livez, or /models/{name}/predict */
async function answer({ url }: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
  const content = url === '/livez' ? { status: 'ok' } : { scores: await predict(url!.split('/')[2]!, body) };
  const text = JSON.stringify(content);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length }).end(text);
}

serveBodies(answer);
