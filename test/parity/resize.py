"""Prints by how many levels of 255 pictures differ from what Pillow and OpenCV make of them, by kind of picture.

    test/python-environment.sh test/parity && node --conditions=nestor-source test/parity/resize.ts

The latter runs this file, which writes pictures and what they should become into the folder that it is given.
"""

import json
import sys
from pathlib import Path

import cv2
import numpy as np
import skimage
from PIL import Image

FOLDER = Path(sys.argv[1])
SIZES = [("down to a half", 0.5), ("down to 0.37", 0.37), ("down to a sixth", 1 / 6), ("up to 1.7", 1.7)]
WAYS = {
    "Pillow, bilinear": ("bilinear", True, lambda p, size: pillow(p, size, Image.Resampling.BILINEAR)),
    "Pillow, bicubic": ("bicubic", True, lambda p, size: pillow(p, size, Image.Resampling.BICUBIC)),
    "Pillow, nearest": ("nearest", True, lambda p, size: pillow(p, size, Image.Resampling.NEAREST)),
    "OpenCV, INTER_LINEAR": ("bilinear", False, lambda p, size: cv2.resize(p, size, interpolation=cv2.INTER_LINEAR)),
    "OpenCV, INTER_CUBIC": ("bicubic", False, lambda p, size: cv2.resize(p, size, interpolation=cv2.INTER_CUBIC)),
}


def pillow(picture, size, resample):
    return np.asarray(Image.fromarray(picture).resize(size, resample))


def pictures():
    yield "a photo", skimage.data.chelsea()
    yield "sharp edges", edges()
    yield "noise", np.random.default_rng(1).integers(0, 256, (400, 500, 3), np.uint8)


def edges():
    rows, columns = np.mgrid[:400, :500]
    picture = np.zeros((400, 500, 3), np.uint8)
    picture[(columns // 7 + rows // 5) % 2 == 0] = 255
    picture[(columns - 250) ** 2 + (rows - 200) ** 2 < 90 ** 2] = [255, 0, 0]
    return picture


def main():
    cases = []
    for kind, picture in pictures():
        file = f"{kind.replace(' ', '-')}.png"
        Image.fromarray(picture).save(FOLDER / file)
        height, width = picture.shape[:2]
        for step, factor in SIZES:
            size = round(width * factor), round(height * factor)
            for way, (scaling, antialias, make) in WAYS.items():
                expected = f"{len(cases)}.raw"
                (FOLDER / expected).write_bytes(make(picture, size).tobytes())
                options = {"width": size[0], "height": size[1], "fit": "fill", "scaling": scaling, "antialias": antialias}
                cases.append({"kind": kind, "step": step, "way": way, "file": file, "expected": expected, "options": options})
    (FOLDER / "cases.json").write_text(json.dumps(cases))


if __name__ == "__main__":
    main()
