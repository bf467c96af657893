import { requestJson } from '../api/request.ts';

/** A picture as a model sees it: rows from the top, the channels of a pixel together, 0 is dark. */
export interface SeenPicture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly levels: Uint8Array;
}

/** Asks the server for the picture that it gives to the model. */
export async function see(model: string, picture: Blob, signal: AbortSignal): Promise<SeenPicture> {
  const { levels, ...seen } = await requestJson<Omit<SeenPicture, 'levels'> & { levels: string }>(
    `console/models/${encodeURIComponent(model)}/picture`,
    { method: 'POST', body: picture, headers: { 'content-type': picture.type }, signal },
  );
  return { ...seen, levels: Uint8Array.from(atob(levels), (character) => character.charCodeAt(0)) };
}
