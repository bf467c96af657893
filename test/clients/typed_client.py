"""What a generated client knows of pictures, texts, objects and tensors: mypy judges it, and it prints what it got.

usage: typed_client.py URL PICTURE
"""

import json
import sys
from base64 import b64encode
from io import BytesIO
from pathlib import Path
from struct import pack

from nestor_client import Client
from nestor_client.api.digits import predict_digits
from nestor_client.api.embedding import predict_embedding
from nestor_client.api.entities import predict_entities
from nestor_client.api.open_inference_protocol_v2 import infer_housing
from nestor_client.api.sentiment import predict_sentiment
from nestor_client.api.yolov8 import predict_yolov_8
from nestor_client.models import (
    DigitsPrediction,
    EncodedPicture,
    Embedding,
    EmbeddingPrediction,
    Entities,
    EntitiesPrediction,
    HousingInferResponse,
    Sentiment,
    SentimentPrediction,
    Yolov8Prediction,
)
from nestor_client.types import File

url, path = sys.argv[1:]
picture = EncodedPicture(b64=b64encode(Path(path).read_bytes()).decode())
house = pack("<6f", 0, 6.575, 296, 15.3, 396.9, 4.98)
tensors = json.dumps(
    {
        "inputs": [
            {"name": "features", "datatype": "FP32", "shape": [1, 6], "parameters": {"binary_data_size": len(house)}}
        ],
        "outputs": [{"name": "price"}],
    }
).encode()

with Client(url) as nestor:
    digit = predict_digits.sync(client=nestor, body=picture, top=1)
    assert isinstance(digit, DigitsPrediction)
    found = predict_yolov_8.sync(client=nestor, body=picture, threshold=0.3)
    assert isinstance(found, Yolov8Prediction)
    mood = predict_sentiment.sync(client=nestor, body=Sentiment(text="Good cheese"))
    assert isinstance(mood, SentimentPrediction)
    named = predict_entities.sync(client=nestor, body=[Entities(text="Anna lives in Berlin")])
    assert isinstance(named, EntitiesPrediction)
    vector = predict_embedding.sync(client=nestor, body=Embedding(text="Good cheese"), x_request_timeout_ms=60_000)
    assert isinstance(vector, EmbeddingPrediction)
    body = File(BytesIO(tensors + house))
    price = infer_housing.sync(client=nestor, body=body, inference_header_content_length=len(tensors))
    assert isinstance(price, HousingInferResponse)

entity = named.prediction[0][0]
best = found.detections[0][0]
print(
    json.dumps(
        {
            "digit": digit.prediction[0],
            "object": [best.label, best.score, best.box.x, best.box.y, best.box.width, best.box.height],
            "mood": mood.prediction[0],
            "positive": mood.probabilities[0].positive,
            "entity": [entity.label, entity.text, entity.start, entity.end],
            "vector": vector.prediction[0],
            "price": price.outputs[0].data,
        }
    )
)
