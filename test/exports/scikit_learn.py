"""scikit-learn, as `to_onnx(model, X[:1])` writes it."""

import numpy as np
import pandas as pd
import sklearn
from skl2onnx import to_onnx
from skl2onnx.common.data_types import StringTensorType
from sklearn.calibration import CalibratedClassifierCV
from sklearn.cluster import KMeans
from sklearn.compose import make_column_transformer
from sklearn.datasets import load_diabetes, load_iris
from sklearn.ensemble import IsolationForest, RandomForestClassifier, RandomForestRegressor
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF
from sklearn.linear_model import LogisticRegression
from sklearn.multioutput import MultiOutputClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC, LinearSVC, OneClassSVM

from case import save

SEED = 16
FRAMEWORK = f"scikit-learn {sklearn.__version__}"
IRIS = load_iris()
FLOWERS = IRIS.data.astype(np.float32)
SPECIES = IRIS.target_names[IRIS.target]
MEASURES = ["sepal length", "sepal width", "petal length", "petal width"]
SOME = FLOWERS[::10]


def make():
    classifiers()
    margins()
    distances()
    anomalies()
    columns()
    text()
    several()
    values()


def flowers(name, model, **members):
    # The one converter that asks for an opset: it refuses the newest.
    opset = {"": 18, "ai.onnx.ml": 3} if isinstance(model, IsolationForest) else None
    save(name, to_onnx(model, FLOWERS[:1], target_opset=opset), FRAMEWORK, MEASURES, SOME, members)


def classifiers():
    of_flowers = {
        "sklearn-logistic": make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)),
        "sklearn-forest": RandomForestClassifier(20, random_state=SEED),
        "sklearn-calibrated": CalibratedClassifierCV(LinearSVC(random_state=SEED)),
    }
    for name, model in of_flowers.items():
        model.fit(FLOWERS, SPECIES)
        probabilities = (model.classes_, model.predict_proba(SOME))
        flowers(name, model, prediction=model.predict(SOME), probabilities=probabilities)
    model = LogisticRegression(max_iter=1000).fit(FLOWERS, IRIS.target == 2)
    flowers(
        "sklearn-booleans", model,
        prediction=model.predict(SOME).astype(int), probabilities=([0, 1], model.predict_proba(SOME)))


def margins():
    """What a support vector machine answers are distances from planes."""
    three = LinearSVC(random_state=SEED).fit(FLOWERS, SPECIES)
    flowers(
        "sklearn-linear-svc", three,
        prediction=three.predict(SOME), scores=(three.classes_, three.decision_function(SOME)))
    two = LinearSVC(random_state=SEED).fit(FLOWERS, SPECIES == "setosa")
    flowers(
        "sklearn-linear-svc-binary", two, prediction=two.predict(SOME).astype(int), scores=two.decision_function(SOME))
    curved = SVC(random_state=SEED).fit(FLOWERS, SPECIES)
    flowers(
        "sklearn-svc", curved,
        prediction=curved.predict(SOME), scores=(curved.classes_, curved.decision_function(SOME)))


def distances():
    """In doubles, as scikit-learn's data usually is: in single precision the export itself misses them by more than 1e-5."""
    some = SOME.astype(np.float64)
    model = KMeans(3, random_state=SEED, n_init=3).fit(IRIS.data)
    members = {"prediction": model.predict(some), "scores": (range(3), model.transform(some))}
    save("sklearn-kmeans", to_onnx(model, IRIS.data[:1]), FRAMEWORK, MEASURES, some, members)


def anomalies():
    forest = IsolationForest(n_estimators=20, random_state=SEED).fit(FLOWERS)
    machine = OneClassSVM(nu=0.1).fit(FLOWERS)
    for name, model in {"sklearn-isolation-forest": forest, "sklearn-one-class-svm": machine}.items():
        flowers(name, model, prediction=model.predict(SOME), scores=model.decision_function(SOME))


def columns():
    """A column of words and two of numbers, each an input of its own."""
    random = np.random.default_rng(SEED)
    count = 200
    table = pd.DataFrame({
        "weather": random.choice(["sun", "cloud", "rain"], count).astype(object),
        "temperature": random.normal(15, 8, count).round(1).astype(np.float32),
        "bicycles": random.integers(5, 60, count),
    })
    demand = table.temperature - 12 + 8.0 * (table.weather == "sun") - 0.2 * table.bicycles
    model = make_pipeline(
        make_column_transformer(
            (OneHotEncoder(handle_unknown="ignore"), ["weather"]),
            (StandardScaler(), ["temperature"]),
            (StandardScaler(), ["bicycles"])),
        LogisticRegression(max_iter=1000))
    model.fit(table, np.where(demand > 0, "sold out", "some left"))
    some = table.head(12)
    save(
        "sklearn-columns", to_onnx(model, table[:1]), FRAMEWORK, some.columns, some.to_numpy(dtype=object),
        {"prediction": model.predict(some), "probabilities": (model.classes_, model.predict_proba(some))})


def text():
    texts = [
        "The delivery was late", "Never again: a broken box", "Late, rude and expensive", "The parcel came broken",
        "A lovely present", "Quick, friendly and cheap", "Lovely: it came in time", "Friendly people, quick answer",
    ]
    moods = ["bad"] * 4 + ["good"] * 4
    model = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(texts, moods)
    asked = [*texts, "LATE AND BROKEN", "quick and lovely", "no word of these"]
    save(
        "sklearn-text", to_onnx(model, initial_types=[("text", StringTensorType([None, 1]))]), FRAMEWORK, ["text"],
        [[text] for text in asked],
        {"prediction": model.predict(asked), "probabilities": (model.classes_, model.predict_proba(asked))})


def several():
    """Two questions about a flower, each with its own classes."""
    targets = np.column_stack([SPECIES, np.where(FLOWERS[:, 0] > 6, "long", "short")])
    model = MultiOutputClassifier(LogisticRegression(max_iter=1000)).fit(FLOWERS, targets)
    species, length = zip(model.classes_, model.predict_proba(SOME))
    flowers(
        "sklearn-multi-output", model,
        prediction=model.predict(SOME), probabilities_0=species, probabilities_1=length)


def values():
    data = load_diabetes()
    names = list(data.feature_names)
    some = data.data[::40]
    forest = RandomForestRegressor(20, random_state=SEED)
    forest.fit(data.data.astype(np.float32), np.column_stack([data.target, data.target / 2]))
    save(
        "sklearn-two-values", to_onnx(forest, data.data[:1].astype(np.float32)), FRAMEWORK, names,
        some.astype(np.float32), {"prediction": forest.predict(some.astype(np.float32))})
    process = GaussianProcessRegressor(RBF(0.2), alpha=0.1, optimizer=None)
    process.fit(data.data[:100], (data.target[:100] - data.target.mean()) / data.target.std())
    model = to_onnx(process, data.data[:1], options={GaussianProcessRegressor: {"return_std": True}})
    value, deviation = process.predict(some, return_std=True)
    save("sklearn-gaussian-process", model, FRAMEWORK, names, some, {"prediction": value, "GPcovstd": deviation})
