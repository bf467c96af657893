"""A convolution net of ResNet-18's shape: 18 layers with weights, four stages of two residual blocks, 3x224x224 images.

An eighth as wide as the original, so that its file stays small, and with random weights: what is tested is the export,
not the recognition.
"""

import io

import onnx
import torch
from torch import nn

from folder import IR_VERSION, filled, save, tensors

WIDTHS = [8, 16, 32, 64]
CLASSES = 10
IMAGES = 2
FILL = {"factor": 37, "offset": 11}


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.path = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs),
        )
        self.shortcut = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        return torch.relu(self.path(x) + self.shortcut(x))


def resnet():
    layers = [nn.Conv2d(3, WIDTHS[0], 7, 2, 3, bias=False), nn.BatchNorm2d(WIDTHS[0]), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    inputs = WIDTHS[0]
    for stage, width in enumerate(WIDTHS):
        layers += [Block(inputs, width, 1 if stage == 0 else 2), Block(width, width, 1)]
        inputs = width
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, CLASSES)]
    return nn.Sequential(*layers)


def make():
    torch.manual_seed(20)
    torch.set_num_threads(1)
    model = resnet()
    images = torch.from_numpy(filled([IMAGES, 3, 224, 224], **FILL))
    with torch.no_grad():
        # A few passes in training mode give the batch normalisations means and variances of their own.
        for _ in range(3):
            model(images)
        model.eval()
        scores = model(images)

    file = io.BytesIO()
    torch.onnx.export(
        model, (images,), file, dynamo=False, opset_version=17, input_names=["image"], output_names=["scores"],
        dynamic_axes={"image": {0: "rows"}, "scores": {0: "rows"}},
    )
    exported = onnx.load_from_string(file.getvalue())
    exported.ir_version = min(exported.ir_version, IR_VERSION)
    golden = {
        "framework": f"PyTorch {torch.__version__.split('+')[0]}",
        "inputs": tensors({"image": images.numpy()}, {"image": FILL}),
        "outputs": tensors({"scores": scores.numpy()}),
    }
    save("resnet", exported, {"title": "A narrow ResNet-18", "task": "tensor"}, golden)
