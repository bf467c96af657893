"""Turns a picture into a model's tensor, by the `image` block of its manifest. A reader decodes and scales."""

import numpy as np

WORKING_SIDE = 512  # a drawing is looked for in at most so many pixels
FAINTEST_INK = 33
DRAWING_SHARE = 20 / 28  # the longer side of the drawing, of the field's shorter side


def covering(reader, file, image):
    """The middle of a picture that is scaled until it covers the size of the input; height, width, colours."""
    picture = reader.opened(file)
    width, height = reader.size(picture)
    field_width, field_height = image["width"], image["height"]
    if width * field_height > height * field_width:
        scaled = (field_height * width // height, field_height)
    else:
        scaled = (field_width, field_width * height // width)
    levels = reader.colours(reader.resized(picture, *scaled))
    left, top = round((scaled[0] - field_width) / 2), round((scaled[1] - field_height) / 2)
    return levels[top : top + field_height, left : left + field_width]


def drawing(reader, file, image):
    """A drawing as in MNIST: bright on black, scaled to the same size, with its mass in the middle; height, width, 1."""
    picture = reader.opened(file)
    width, height = reader.size(picture)
    factor = min(WORKING_SIDE / width, WORKING_SIDE / height, 1)
    if factor < 1:
        picture = reader.resized(picture, round(width * factor), round(height * factor))
    return centred(255 - reader.grey(picture), image["width"], image["height"])[..., None]


def centred(ink, width, height):
    rows, columns = (np.flatnonzero((ink >= FAINTEST_INK).any(axis)) for axis in (1, 0))
    box = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    factor = round(min(width, height) * DRAWING_SHARE) / max(box.shape)
    size = [max(1, round(side * factor)) for side in box.shape]
    small = np.rint(shares(box.shape[0], size[0]) @ box @ shares(box.shape[1], size[1]).T)
    row, column = (small.sum(axis) @ np.arange(side) / small.sum() for axis, side in zip((1, 0), size))
    top, left = (int(np.floor(side / 2 - middle + 0.5)) for side, middle in ((height, row), (width, column)))
    # Crops what would be outside the input.
    above, before = max(0, -top), max(0, -left)
    part = small[above : height - top, before : width - left]
    field = np.zeros((height, width), np.float32)
    field[top + above : top + above + part.shape[0], left + before : left + before + part.shape[1]] = part
    return field


def shares(pixels, parts):
    """The share of each pixel in each of some equal parts of a line."""
    edges = np.arange(parts + 1)[:, None] * (pixels / parts)
    starts = np.arange(pixels)
    covered = np.minimum(edges[1:], starts + 1) - np.maximum(edges[:-1], starts)
    return (np.clip(covered, 0, 1) * (parts / pixels)).astype(np.float32)


def standardised(levels, image):
    """From height, width, channels to 1, channels, height, width."""
    mean, deviation = (np.array(image[key], np.float32) for key in ("mean", "deviation"))
    values = (levels.astype(np.float32) * np.float32(image["scale"]) - mean) / deviation
    return np.ascontiguousarray(values.transpose(2, 0, 1)[None])
