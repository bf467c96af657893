"""The old server: Flask, a scaled DataFrame from the body, a model in joblib's format, and a log of the payload at each step.

One thing is put right, since every contender must give the right price: the scaler was fitted in training, not on
each request. Run by Flask's development server (python server.py) or by gunicorn.
"""

import logging
import os

import joblib
import numpy as np
import pandas as pd
from flask import Flask, jsonify, request
from flask.logging import create_logger

app = Flask(__name__)
LOG = create_logger(app)
LOG.setLevel(logging.INFO)
scaler, model = joblib.load(os.environ["PIPELINE"])


def scale(payload):
    LOG.info(f"Scaling payload: \n{payload}")
    return scaler.transform(payload.to_numpy(np.float32))


@app.route("/predict", methods=["POST"])
def predict():
    json_payload = request.json
    LOG.info(f"JSON payload: \n{json_payload}")
    inference_payload = pd.DataFrame(json_payload)
    LOG.info(f"Inference payload DataFrame: \n{inference_payload}")
    prediction = list(model.predict(scale(inference_payload)))
    LOG.info(f"Prediction: {prediction}")
    return jsonify({"prediction": prediction})


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]), debug=True)
