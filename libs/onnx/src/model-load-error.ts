/** A model file that cannot be served. The message says which file, what is wrong with it and what to do about it. */
export class ModelLoadError extends Error {
  override readonly name = 'ModelLoadError';
  readonly path: string;
  /** The message without the path: for places where the model is already named. */
  readonly detail: string;

  constructor(path: string, detail: string, options?: ErrorOptions) {
    super(`${path}: ${detail}`, options);
    this.path = path;
    this.detail = detail;
  }
}
