import random

import torch
from PIL import Image, ImageDraw
from torch import nn
from torchvision import transforms

LABELS = ["circle", "square", "triangle"]


def draw(label):
    """A dark shape on a light ground."""
    dark, light = (tuple(random.choices(levels, k=3)) for levels in (range(100), range(156, 256)))
    picture = Image.new("RGB", (320, 256), light)
    place = (random.randint(130, 190), random.randint(110, 146)), random.randint(50, 90)
    pen = ImageDraw.Draw(picture)
    if label == "circle":
        pen.circle(*place, fill=dark)
    else:
        pen.regular_polygon(place, {"square": 4, "triangle": 3}[label], fill=dark)
    return picture


prepare = transforms.Compose([
    transforms.Resize(256),
    transforms.CenterCrop(224),
    transforms.ToTensor(),
    transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
])


def batch(count):
    classes = torch.randint(len(LABELS), (count,))
    return torch.stack([prepare(draw(LABELS[label])) for label in classes]), classes


random.seed(1)
torch.manual_seed(1)
model = nn.Sequential(
    nn.Conv2d(3, 8, 5, stride=4), nn.BatchNorm2d(8), nn.ReLU(),
    nn.Conv2d(8, 16, 3, stride=2), nn.BatchNorm2d(16), nn.ReLU(),
    nn.Conv2d(16, 24, 3, stride=2), nn.BatchNorm2d(24), nn.ReLU(),
    nn.AvgPool2d(3), nn.Flatten(), nn.Linear(24 * 16, len(LABELS)),
)
optimiser = torch.optim.Adam(model.parameters(), lr=0.003)
for _ in range(150):
    pictures, classes = batch(64)
    optimiser.zero_grad()
    nn.functional.cross_entropy(model(pictures), classes).backward()
    optimiser.step()

model.eval()
example, _ = batch(2)
torch.onnx.export(
    model, (example,), "shapes.onnx", input_names=["image"], output_names=["logits"],
    dynamic_shapes=({0: "batch"},), opset_version=18, external_data=False, verbose=False,
)

picture = draw("triangle")
picture.save("triangle.png")
with torch.no_grad():
    print(model(prepare(picture)[None]).softmax(dim=1))
