"""Pictures by OpenCV."""

import cv2
import numpy as np

cv2.setNumThreads(1)  # as the sessions: requests run side by side


def opened(file):
    return cv2.imdecode(np.frombuffer(file, np.uint8), cv2.IMREAD_COLOR)


def size(image):
    height, width = image.shape[:2]
    return width, height


def resized(image, width, height):
    """The mean of all pixels that an output pixel covers, since OpenCV's bilinear filter reads only four."""
    return cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)


def colours(image):
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB)


def grey(image):
    return cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
