"""Pictures by Pillow."""

import io

import numpy as np
from PIL import Image


def opened(file):
    return Image.open(io.BytesIO(file)).convert("RGB")


def size(image):
    return image.size


def resized(image, width, height):
    """Bilinear, over all pixels that an output pixel covers."""
    return image.resize((width, height), Image.Resampling.BILINEAR)


def colours(image):
    return np.asarray(image)


def grey(image):
    return np.asarray(image.convert("L"))
