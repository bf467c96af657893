import { Controller, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { NestorError } from '#errors';
import { Engine } from '#engine';
import { bodyBytes } from '../http/body.ts';
import { type SeenPicture, seenPicture } from './seen-picture.ts';

/** Shows how an image model sees a picture, using the same code as a prediction. */
@Controller('console/models')
export class PictureController {
  constructor(@Inject(Engine) private readonly models: Engine) {}

  @Post(':name/picture')
  @HttpCode(200)
  async see(@Param('name') name: string, @Req() request: FastifyRequest): Promise<SeenPicture> {
    const { images, manifest } = this.models.get(name);
    if (images === undefined || manifest.image === undefined)
      throw new NestorError('UNSUPPORTED_MEDIA_TYPE', `${name} does not accept pictures.`);
    const { inputs } = await images.read(
      [bodyBytes(request.body as Buffer | undefined)],
      () => request.raw.socket.destroyed,
    );
    return seenPicture(inputs[images.inputName]!, manifest.image);
  }
}
