/**
 * Where a picture lies in the tensor that was made of it: its pixel x is the tensor's pixel x · scale.x + offset.x. A part
 * that was cut off lies outside the tensor.
 */
export interface Frame {
  /** Of the picture as people see it, in pixels. */
  readonly picture: Size;
  /** Of the tensor. */
  readonly field: Size;
  readonly scale: { readonly x: number; readonly y: number };
  readonly offset: { readonly x: number; readonly y: number };
}

export interface Size {
  readonly width: number;
  readonly height: number;
}
