export { imageInputOf } from './image-input.ts';
export { type ImageOptions, ImageOptionsError } from './image-options.ts';
export { ImageReader, type ImageReaderOptions, type PictureRows, type PictureSource } from './image-reader.ts';
export { maskOf } from './pixel-mask.ts';
export { withoutPreset } from './presets.ts';
