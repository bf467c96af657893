"""The predecessor's server: Flask, a DataFrame from the body, a joblib pipeline, the payloads logged.

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
pipeline = joblib.load(os.environ["PIPELINE"])


@app.route("/predict", methods=["POST"])
def predict():
    json_payload = request.json
    LOG.info(f"JSON payload: \n{json_payload}")
    inference_payload = pd.DataFrame(json_payload)
    LOG.info(f"Inference payload DataFrame: \n{inference_payload}")
    prediction = list(pipeline.predict(inference_payload.to_numpy(np.float32)))
    LOG.info(f"Prediction: {prediction}")
    return jsonify({"prediction": prediction})


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]), debug=True)
