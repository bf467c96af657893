"""Detectors whose outputs have the forms of YOLOv5, of YOLOv8 and later, and of torchvision's, with the boxes that PyTorch and
torchvision read from them on three pictures of scikit-image.

They learn nothing: weights are random, and what is tested is how pictures go in and boxes come out. The YOLO heads are written
here, from what their outputs are; nothing of the packages that train such models is in them.
"""

import io
import json
import math

import numpy as np
import onnx
import skimage
import torch
import torchvision
from PIL import Image, ImageOps
from torch import nn
from torch.nn import functional
from torchvision.models.detection import FasterRCNN, RetinaNet
from torchvision.models.detection.anchor_utils import AnchorGenerator, DefaultBoxGenerator
from torchvision.models.detection.ssd import SSD
from torchvision.ops import batched_nms, clip_boxes_to_image

from deep import strip
from folder import HERE, IR_VERSION, write_json

FOLDER = HERE / "detectors"
LABELS = ["cat", "cup", "person"]
SIDE = 160
STRIDES = [8, 16, 32]
SCORE = 0.25
GREY = 114 / 255
# Code that scales pictures may round a level to its neighbour: that must not change what a model answers by more than this.
NOISE_SHARE, NOISE_RUNS = 0.15, 3
SCORE_TOLERANCE, BOX_TOLERANCE = 7e-4, 0.5


def make():
    torch.set_num_threads(1)
    FOLDER.mkdir(exist_ok=True)
    pictures = {name: load(name) for name in save_pictures()}
    fields = {name: letterbox(picture) for name, picture in pictures.items()}
    for name, kind in KINDS.items():
        prepared = {picture: kind.prepare(levels) for picture, levels in pictures.items()}
        for seed in range(100):
            torch.manual_seed(seed)
            model = kind(torch.stack([field for field, _ in fields.values()]))
            found = {picture: answers(model, *prepared[picture], pictures[picture].shape[1:]) for picture in pictures}
            fewest, most = getattr(kind, "bounds", (5, 50))
            if all(fewest <= len(first) <= most and all(is_same(first, other) for other in others)
                   for first, *others in found.values()):
                break
        else:
            raise RuntimeError(f"No seed gives {name} as many boxes as wanted that are certain.")
        keep(name, model, {picture: first for picture, (first, *_) in found.items()})


def answers(model, field, placed, size):
    """What is found in a picture, and what is found with noise."""
    random = torch.Generator().manual_seed(0)
    noise = [
        torch.randint(-1, 2, field.shape, generator=random) * (torch.rand(field.shape, generator=random) < NOISE_SHARE) / 255
        for _ in range(NOISE_RUNS)]
    return [model.found(levels, placed, size) for levels in [field, *(field + one for one in noise)]]


def is_same(ones, others):
    """Whether there are the same objects, in any order: those of nearly the same score may change places."""
    return len(ones) == len(others) and all(any(is_near(one, other) for other in others) for one in ones)


def is_near(one, other):
    return one["label"] == other["label"] and abs(one["score"] - other["score"]) < SCORE_TOLERANCE and all(
        abs(one["box"][side] - other["box"][side]) < BOX_TOLERANCE for side in one["box"])


# Pictures: public domain (astronaut: NASA), and CC0 by Stefan van der Walt (chelsea) and Rachel Michetti (coffee).


def save_pictures():
    """One wider than high, one that is smaller than the models' input, and one that its EXIF data turns upright."""
    (FOLDER / "pictures").mkdir(exist_ok=True)
    write("chelsea.jpg", skimage.data.chelsea(), (320, 213))
    write("astronaut.png", skimage.data.astronaut()[:300, 100:340], (96, 120))
    exif = Image.Exif()
    exif[0x0112] = 6
    write("coffee.jpg", skimage.data.coffee(), (300, 200), exif=exif)
    return ["chelsea.jpg", "astronaut.png", "coffee.jpg"]


def write(name, levels, size, **options):
    quality = {"quality": 90} if name.endswith("jpg") else {}
    Image.fromarray(levels).resize(size, Image.Resampling.LANCZOS).save(FOLDER / "pictures" / name, **quality, **options)


def load(name):
    upright = ImageOps.exif_transpose(Image.open(FOLDER / "pictures" / name)).convert("RGB")
    return torch.from_numpy(np.asarray(upright).copy()).permute(2, 0, 1)


def letterbox(picture, is_square=True):
    """The picture in the middle of a grey field, without antialiasing; and how it got there."""
    _, height, width = picture.shape
    ratio = min(SIDE / height, SIDE / width)
    size = round(height * ratio), round(width * ratio)
    scaled = functional.interpolate(picture[None].float(), size, mode="bilinear", align_corners=False)[0].round() / 255
    around = [SIDE if is_square else math.ceil(side / STRIDES[-1]) * STRIDES[-1] for side in size]
    top, left = (round((whole - side) / 2 - 0.1) for whole, side in zip(around, size))
    field = torch.full((3, *around), GREY)
    field[:, top:top + size[0], left:left + size[1]] = scaled
    return field, (left, top, size[1] / width, size[0] / height)


def narrow_letterbox(picture):
    """The same in a field that is no larger than the stride asks for."""
    return letterbox(picture, is_square=False)


def in_picture(boxes, placed, size):
    left, top, across, down = placed
    moved = (boxes - torch.tensor([left, top, left, top])) / torch.tensor([across, down, across, down])
    return clip_boxes_to_image(moved, size)


# Networks


class Backbone(nn.Module):
    """Features at the strides 8, 16 and 32."""

    def __init__(self, width=16):
        super().__init__()
        channels = [3, width // 2, width, width, 2 * width, 2 * width]
        self.layers = nn.ModuleList(
            nn.Sequential(nn.Conv2d(a, b, 3, 2, 1), nn.BatchNorm2d(b), nn.SiLU()) for a, b in zip(channels, channels[1:]))
        self.widths = [width, 2 * width, 2 * width]

    def forward(self, x):
        features = []
        x = functional.avg_pool2d(x, 9, 1, 4)
        for layer in self.layers:
            x = layer(x)
            features.append(x)
        return features[2:]


def standardise(layers, features, mean, deviation):
    """Has each channel of the layers' answers vary around the mean as wanted."""
    with torch.no_grad():
        for layer, feature in zip(layers, features):
            values = layer(feature).transpose(0, 1).flatten(1)
            factor = deviation / values.std(1)
            layer.weight.mul_(factor[:, None, None, None])
            layer.bias.copy_((layer.bias - values.mean(1)) * factor + mean)


class Yolo(nn.Module):
    """What the YOLO heads share: a convolution a stride, the logits of which have the mean and the deviation that are wanted."""

    opset = 17
    prepare = staticmethod(letterbox)
    dynamic_axes = {"images": {0: "batch"}, "output0": {0: "batch"}}

    def __init__(self, fields, outputs, mean, deviation):
        super().__init__()
        self.backbone = Backbone().train()
        self.backbone(fields)
        self.heads = nn.ModuleList(nn.Conv2d(width, outputs, 1) for width in self.backbone.widths)
        self.eval()
        standardise(self.heads, self.backbone(fields), mean, deviation)

    def found(self, field, placed, size):
        with torch.no_grad():
            boxes, scores, classes = self.candidates(self(field[None])[0])
        likely = scores > SCORE
        kept = batched_nms(boxes[likely], scores[likely], classes[likely], self.overlap)
        boxes = in_picture(boxes[likely][kept], placed, size)
        return detections(boxes, scores[likely][kept], classes[likely][kept])

    def export(self):
        file = io.BytesIO()
        torch.onnx.export(
            self, (torch.zeros(1, 3, SIDE, SIDE),), file, dynamo=False, opset_version=self.opset, input_names=["images"],
            output_names=["output0"], dynamic_axes=self.dynamic_axes)
        return onnx.load_from_string(file.getvalue())


def grid(stride, height, width):
    rows, columns = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    return torch.stack([columns, rows]).float(), stride


class YoloV5(Yolo):
    """[N, places, 5 + classes]: three anchors a cell, the probability of an object, and of each class if there is one."""

    overlap = 0.45
    anchors = [[(10, 13), (16, 30), (33, 23)], [(30, 61), (62, 45), (59, 119)], [(116, 90), (156, 198), (373, 326)]]
    metadata = {"stride": "32", "names": str(dict(enumerate(LABELS)))}

    def __init__(self, fields):
        width = 5 + len(LABELS)
        mean = torch.tensor([0.0] * 4 + [-2.2] + [0.5] * len(LABELS)).repeat(3)
        deviation = torch.tensor([0.6] * 4 + [0.7] + [0.7] * len(LABELS)).repeat(3)
        super().__init__(fields, 3 * width, mean, deviation)

    def forward(self, x):
        rows = []
        for feature, head, stride, anchors in zip(self.backbone(x), self.heads, STRIDES, self.anchors):
            values = head(feature)
            _, _, height, width = values.shape
            values = values.view(-1, 3, 5 + len(LABELS), height, width).sigmoid()
            cells, _ = grid(stride, height, width)
            centre = (values[:, :, :2] * 2 - 0.5 + cells) * stride
            size = (values[:, :, 2:4] * 2) ** 2 * torch.tensor(anchors).float().view(1, 3, 2, 1, 1)
            rows.append(torch.cat([centre, size, values[:, :, 4:]], 2).permute(0, 1, 3, 4, 2).flatten(1, 3))
        return torch.cat(rows, 1)

    def candidates(self, rows):
        scores, classes = (rows[:, 5:] * rows[:, 4:5]).max(1)
        return corners(rows[:, :4]), scores, classes


class YoloV8(Yolo):
    """[N, 4 + classes, places]: a distribution over distances to each side of the box, and the probability of each class."""

    overlap = 0.7
    bins = 16
    metadata = {
        "task": "detect", "stride": "32", "batch": "1", "imgsz": str([SIDE, SIDE]), "names": str(dict(enumerate(LABELS))),
        "args": str({"batch": 1, "nms": False})}

    def __init__(self, fields):
        mean = torch.cat([-torch.arange(self.bins) / 6.0] * 4 + [torch.full([len(LABELS)], -2.9)])
        deviation = torch.cat([torch.full([4 * self.bins], 0.6), torch.full([len(LABELS)], 0.7)])
        super().__init__(fields, 4 * self.bins + len(LABELS), mean, deviation)

    def forward(self, x):
        columns = []
        for feature, head, stride in zip(self.backbone(x), self.heads, STRIDES):
            values = head(feature)
            _, _, height, width = values.shape
            cells, _ = grid(stride, height, width)
            middle = (cells + 0.5).view(1, 2, -1)
            sides = values[:, :4 * self.bins].view(-1, 4, self.bins, height * width).softmax(2)
            sides = (sides * torch.arange(self.bins).float().view(1, 1, -1, 1)).sum(2)
            first, second = middle - sides[:, :2], middle + sides[:, 2:]
            box = torch.cat([(first + second) / 2, second - first], 1) * stride
            columns.append(torch.cat([box, values[:, 4 * self.bins:].flatten(2).sigmoid()], 1))
        return torch.cat(columns, 2)

    def candidates(self, columns):
        scores, classes = columns[4:].max(0)
        return corners(columns[:4].T), scores, classes


class YoloV8OfAnySize(YoloV8):
    """As it is exported with dynamic=True: pictures keep their proportions."""

    prepare = staticmethod(narrow_letterbox)
    metadata = {**YoloV8.metadata, "args": str({"batch": 1, "nms": False, "dynamic": True})}
    dynamic_axes = {"images": {0: "batch", 2: "height", 3: "width"}, "output0": {0: "batch", 2: "anchors"}}


class YoloEndToEnd(YoloV8):
    """[N, boxes, 6]: the best places with box, score and label, of a model that learns to answer each object once."""

    overlap = 1.0
    best = 100
    metadata = {**YoloV8.metadata, "end2end": "True"}

    def forward(self, x):
        columns = super().forward(x)
        scores, classes = columns[:, 4:].max(1)
        scores, places = scores.topk(self.best)
        x, y, width, height = columns[:, :4].gather(2, places[:, None].expand(-1, 4, -1)).unbind(1)
        box = [x - width / 2, y - height / 2, x + width / 2, y + height / 2]
        return torch.stack([*box, scores, classes.gather(1, places).float()], 2)

    def candidates(self, rows):
        return rows[:, :4], rows[:, 4], rows[:, 5]


def corners(boxes):
    centre, half = boxes[:, :2], boxes[:, 2:] / 2
    return torch.cat([centre - half, centre + half], 1)


# torchvision's own


WIDTH = 32


class Maps(nn.Module):
    """A backbone as torchvision takes it."""

    def __init__(self, fields, channels):
        super().__init__()
        self.layers = Backbone(32).train()
        self.layers(fields)
        self.layers.eval()
        self.out_channels = channels
        self.names = ["0", "1", "2"]
        self.widen = nn.ModuleList(nn.Conv2d(width, WIDTH, 1) for width in self.layers.widths)
        standardise(self.widen, self.layers(fields), torch.zeros(WIDTH), torch.ones(WIDTH))

    def forward(self, x):
        return {name: widen(map_) for name, widen, map_ in zip(self.names, self.widen, self.layers(x))}


class Torchvision(nn.Module):
    """Answers one picture: boxes, their labels and scores. Overlaps are left out in the graph."""

    opset = 17
    prepare = staticmethod(letterbox)

    def __init__(self, model):
        super().__init__()
        self.model = model.eval()

    def forward(self, x):
        answer = self.model([x[0]])[0]
        return answer["boxes"], answer["scores"], answer["labels"]

    def found(self, field, placed, size):
        with torch.no_grad():
            boxes, scores, labels = self(field[None])
        likely = scores > self.manifest["detection"]["scoreThreshold"]
        return detections(in_picture(boxes[likely], placed, size), scores[likely], labels[likely])

    def export(self):
        file = io.BytesIO()
        torch.onnx.export(
            self, (torch.rand(1, 3, SIDE, SIDE),), file, dynamo=False, opset_version=self.opset, input_names=["image"],
            output_names=["boxes", "scores", "labels"],
            dynamic_axes={"boxes": {0: "found"}, "scores": {0: "found"}, "labels": {0: "found"}})
        return onnx.load_from_string(file.getvalue())

    @property
    def manifest(self):
        return {
            "labels": ["background", *LABELS],
            "image": {"width": SIDE, "height": SIDE, "fit": "contain", "background": [114] * 3, "antialias": False,
                      "scale": 1 / 255},
            "detection": {"head": "boxes", "scoreThreshold": self.threshold},
        }


SIZES = {"min_size": SIDE, "max_size": SIDE}


class Ssd(Torchvision):
    threshold = 0.35
    most = {"detections_per_img": 40, "topk_candidates": 100}

    def __init__(self, fields):
        generator = DefaultBoxGenerator([[2], [2], [2]], scales=[0.15, 0.35, 0.6, 0.9], steps=STRIDES)
        super().__init__(SSD(
            Maps(fields, [WIDTH] * 3), generator, (SIDE, SIDE), len(LABELS) + 1, score_thresh=0.2,
            **self.most))
        for head in self.model.head.classification_head.module_list:
            nn.init.normal_(head.weight, std=0.008)
            nn.init.constant_(head.bias, 0)
            with torch.no_grad():
                head.bias[::len(LABELS) + 1] = 1.2


class ClassScores(nn.Module):
    """What an SSD finds before overlaps are left out: boxes as parts of the picture, and a score for each class and anchor."""

    def __init__(self, ssd):
        super().__init__()
        self.ssd = ssd
        field = torch.zeros(1, 3, SIDE, SIDE)
        images, _ = ssd.transform([field[0]])
        self.anchors = ssd.anchor_generator(images, list(ssd.backbone(field).values()))[0]

    def forward(self, x):
        transform = self.ssd.transform
        mean, deviation = (torch.tensor(values).view(3, 1, 1) for values in (transform.image_mean, transform.image_std))
        found = self.ssd.head(list(self.ssd.backbone((x - mean) / deviation).values()))
        shifts = found["bbox_regression"]
        anchors = self.anchors[None].expand(shifts.shape[0], -1, -1)
        boxes = self.ssd.box_coder.decode_single(shifts.reshape(-1, 4), anchors.reshape(-1, 4)).clamp(0, SIDE)
        return boxes.view(-1, *self.anchors.shape) / SIDE, found["cls_logits"].softmax(2).transpose(1, 2)


class SsdClassScores(Ssd):
    """The same, of which the server leaves out overlaps. What is expected is what torchvision leaves of all of them."""

    threshold = 0.52
    bounds = 2, 100
    most = {"detections_per_img": 300, "topk_candidates": 10_000}

    def export(self):
        file = io.BytesIO()
        torch.onnx.export(
            ClassScores(self.model).eval(), (torch.rand(1, 3, SIDE, SIDE),), file, dynamo=False, opset_version=self.opset,
            input_names=["image"], output_names=["boxes", "scores"],
            dynamic_axes={name: {0: "batch"} for name in ("image", "boxes", "scores")})
        return onnx.load_from_string(file.getvalue())

    @property
    def manifest(self):
        manifest = super().manifest
        detection = {"head": "class-scores", "coordinates": "relative", "scoreThreshold": self.threshold}
        return {**manifest, "detection": detection}


class Retina(Torchvision):
    threshold = 0.3

    def __init__(self, fields):
        anchors = AnchorGenerator(((16, 24), (32, 48), (64, 96)), ((0.5, 1.0, 2.0),) * 3)
        super().__init__(RetinaNet(
            Maps(fields, WIDTH), len(LABELS) + 1, anchor_generator=anchors, score_thresh=0.1,
            detections_per_img=40, topk_candidates=100, **SIZES))
        head = self.model.head.classification_head
        for layer in [*head.conv, *self.model.head.regression_head.conv]:
            nn.init.kaiming_normal_(layer[0].weight)
        nn.init.normal_(head.cls_logits.weight, std=0.006)
        nn.init.normal_(self.model.head.regression_head.bbox_reg.weight, std=0.02)
        nn.init.constant_(head.cls_logits.bias, -1.5)


class Faster(Torchvision):
    threshold = 0.3

    def __init__(self, fields):
        anchors = AnchorGenerator(((16, 24), (32, 48), (64, 96)), ((0.5, 1.0, 2.0),) * 3)
        pool = torchvision.ops.MultiScaleRoIAlign(["0", "1", "2"], output_size=3, sampling_ratio=2)
        head = torchvision.models.detection.faster_rcnn.TwoMLPHead(WIDTH * 9, 64)
        super().__init__(FasterRCNN(
            Maps(fields, WIDTH), None, rpn_anchor_generator=anchors, box_roi_pool=pool, box_head=head,
            box_predictor=torchvision.models.detection.faster_rcnn.FastRCNNPredictor(64, len(LABELS) + 1),
            rpn_pre_nms_top_n_test=60, rpn_post_nms_top_n_test=30, box_score_thresh=0.1, box_detections_per_img=40, **SIZES))
        nn.init.normal_(self.model.rpn.head.cls_logits.weight, std=0.2)
        nn.init.normal_(self.model.roi_heads.box_predictor.cls_score.weight, std=0.12)


KINDS = {
    "yolov5": YoloV5, "yolov8": YoloV8, "yolov8-any-size": YoloV8OfAnySize, "yolo-end-to-end": YoloEndToEnd, "torchvision-ssd": Ssd, "ssd-class-scores": SsdClassScores,
    "torchvision-retinanet": Retina, "torchvision-faster-rcnn": Faster,
}


def detections(boxes, scores, labels):
    order = scores.argsort(descending=True)
    return [
        {"label": int(labels[at]), "score": float(scores[at]),
         "box": {"x": float(left), "y": float(top), "width": float(right - left), "height": float(bottom - top)}}
        for at in order for left, top, right, bottom in [boxes[at]]]


def keep(name, model, expected):
    """A YOLO model is its file alone, with what its exporter would write beside the graph."""
    folder = FOLDER / name
    folder.mkdir(exist_ok=True)
    exported = model.export()
    exported.ir_version = min(exported.ir_version, IR_VERSION)
    strip(exported)
    for key, value in getattr(model, "metadata", {}).items():
        exported.metadata_props.add(key=key, value=value)
    (folder / "model.onnx").write_bytes(exported.SerializeToString(deterministic=True))
    names = LABELS
    if hasattr(model, "manifest"):
        names = model.manifest["labels"]
        write_json(folder / "model.json", {"$schema": "../../../../docs/model.schema.json", **model.manifest}, indent=2)
    labelled = {
        picture: [{**found, "label": names[found["label"]]} for found in boxes] for picture, boxes in expected.items()}
    write_json(folder / "expected.json", {
        "framework": f"PyTorch {torch.__version__.split('+')[0]}, torchvision {torchvision.__version__.split('+')[0]}",
        "detections": labelled}, indent=1)


if __name__ == "__main__":
    make()
