"""Fits the pipeline that models/housing was exported from, and saves it with joblib, as the old server did.

    python fit.py TARGET
"""

import sys
from pathlib import Path

import joblib
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "models" / "housing" / "training"))
import train  # noqa: E402

data = train.load_data()
pipeline = train.new_pipeline().fit(data[train.FEATURES].to_numpy(np.float32), data[train.TARGET].to_numpy())
joblib.dump(pipeline, sys.argv[1])
