"""Real exports: what scikit-learn, XGBoost and LightGBM predict, beside the model that their converters make of them."""

import lightgbm
import numpy as np
import onnxmltools
import pandas as pd
import sklearn
import xgboost
from onnxmltools.convert.common.data_types import FloatTensorType as OnnxmltoolsFloat
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, Int64TensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from folder import IR_VERSION, save, tensors

OPSETS = {"": 17, "ai.onnx.ml": 3}
SEED = 20


def make():
    iris()
    bikes()
    trees()
    text()


def iris():
    data = load_iris()
    names = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
    rows = data.data.astype(np.float32)
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    model.fit(rows, data.target_names[data.target])
    some = rows[::10]
    manifest = {
        "title": "Iris species",
        "task": "classification",
        "features": [{"name": name, "unit": "cm", "example": example} for name, example in zip(names, (5.1, 3.5, 1.4, 0.2))],
    }
    framework = f"scikit-learn {sklearn.__version__}"
    for name, zipmap in (("sklearn-classifier", False), ("sklearn-zipmap", True)):
        converted = export(to_onnx(model, rows[:1], options={"zipmap": zipmap}, target_opset=OPSETS))
        inputs = {converted.graph.input[0].name: some}
        label, probabilities = model.predict(some).astype(object), model.predict_proba(some)
        golden = answers(framework, names, some, label, model.classes_, probabilities)
        keys = ("output_label", "output_probability") if zipmap else ("label", "probabilities")
        outputs = dict(zip(keys, (label, probabilities)))
        save(name, converted, {**manifest, **({} if zipmap else {"labels": model.classes_.tolist()})},
             {**golden, "inputs": tensors(inputs), "outputs": tensors(outputs)})


def bikes():
    """Whether a shop rents out all of its bicycles: two columns of words, two of numbers, each an input of its own."""
    random = np.random.default_rng(SEED)
    count = 400
    table = pd.DataFrame({
        "weather": random.choice(["sun", "cloud", "rain"], count).astype(object),
        "weekday": random.choice(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], count).astype(object),
        "temperature": random.normal(15, 8, count).round(1).astype(np.float32),
        "bicycles": random.integers(5, 60, count),
    })
    demand = (
        table.temperature - 12 + 8.0 * (table.weather == "sun") - 9.0 * (table.weather == "rain")
        + 6.0 * table.weekday.isin(["Sat", "Sun"]) - 0.2 * table.bicycles + random.normal(0, 3, count)
    )
    words, numbers = ["weather", "weekday"], ["temperature", "bicycles"]
    columns = ColumnTransformer([
        ("words", OneHotEncoder(handle_unknown="ignore"), words),
        *((name, StandardScaler(), [name]) for name in numbers),
    ])
    model = make_pipeline(columns, LogisticRegression(max_iter=1000))
    model.fit(table, np.where(demand > 0, "sold out", "some left"))

    types = [(name, StringTensorType([None, 1])) for name in words]
    types += [("temperature", FloatTensorType([None, 1])), ("bicycles", Int64TensorType([None, 1]))]
    converted = export(
        to_onnx(model, initial_types=types, options={"zipmap": False}, target_opset=OPSETS))
    some = table.head(20).copy()
    some.loc[3, "weather"] = "snow"  # a word that training never saw
    inputs = {name: some[[name]].to_numpy() for name in some.columns}
    inputs["temperature"] = inputs["temperature"].astype(np.float32)
    predicted, probabilities = model.predict(some).astype(object), model.predict_proba(some)
    manifest = {
        "title": "Bicycles sold out",
        "task": "classification",
        "labels": model.classes_.tolist(),
        "features": [
            {"name": "weather", "seenCategories": ["sun", "cloud", "rain"], "example": "sun"},
            {"name": "weekday", "categories": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], "example": "Sat"},
            {"name": "temperature", "unit": "°C", "example": 18.5},
            {"name": "bicycles", "type": "integer", "range": [0, 1000], "example": 30},
        ],
    }
    golden = answers(f"scikit-learn {sklearn.__version__}", list(some.columns), some.astype(object).to_numpy(), predicted,
                     model.classes_, probabilities)
    outputs = {"label": predicted, "probabilities": probabilities}
    save("sklearn-columns", converted, manifest, {**golden, "inputs": tensors(inputs), "outputs": tensors(outputs)})


def trees():
    """Whether a tumour is benign, from six measurements of which a fifth is missing."""
    data = load_breast_cancer()
    names = [name.replace(" ", "_") for name in data.feature_names[:6]]
    rows = data.data[:, :6].astype(np.float32)
    random = np.random.default_rng(SEED)
    holes = random.random(rows.shape) < 0.2
    rows_with_holes = np.where(holes, np.float32("nan"), rows)
    some = rows_with_holes[::12]
    manifest = {
        "task": "classification",
        "labels": [0, 1],
        "features": [
            {"name": name, "missing": True, "example": round(float(value), 4)} for name, value in zip(names, rows[0])
        ],
    }

    boosted = xgboost.XGBClassifier(n_estimators=20, max_depth=3, random_state=SEED, n_jobs=1)
    boosted.fit(rows_with_holes, data.target)
    converted = export(
        onnxmltools.convert_xgboost(boosted, initial_types=[("input", OnnxmltoolsFloat([None, 6]))], target_opset=15))
    binary("xgboost", f"XGBoost {xgboost.__version__}", boosted, converted, names, some,
           {"title": "Benign tumours, by XGBoost", **manifest})

    light = lightgbm.LGBMClassifier(n_estimators=20, max_depth=3, random_state=SEED, n_jobs=1, verbose=-1)
    light.fit(rows_with_holes, data.target)
    converted = export(
        onnxmltools.convert_lightgbm(
            light, initial_types=[("input", OnnxmltoolsFloat([None, 6]))], zipmap=False, target_opset=15))
    binary("lightgbm", f"LightGBM {lightgbm.__version__}", light, converted, names, some,
           {"title": "Benign tumours, by LightGBM", **manifest})


def binary(folder, framework, model, converted, names, rows, manifest):
    predicted, probabilities = model.predict(rows).astype(np.int64), model.predict_proba(rows)
    golden = answers(framework, names, rows, predicted, model.classes_, probabilities)
    label, scores = (output.name for output in converted.graph.output)
    outputs = tensors({label: predicted, scores: probabilities})
    save(folder, converted, manifest, {**golden, "inputs": tensors({"input": rows}), "outputs": outputs})


def export(model):
    model.ir_version = min(model.ir_version, IR_VERSION)
    # Converters put a random identifier here, and list their opsets in any order.
    model.graph.name = "graph"
    model.opset_import.sort(key=lambda opset: opset.domain)
    return model


def text():
    """What customers write: TfidfVectorizer brings it to lower case, for which the runtime asks for a locale."""
    texts = [
        "The delivery was late", "Never again: a broken box", "Late, rude and expensive", "The parcel came broken",
        "A lovely present", "Quick, friendly and cheap", "Lovely: it came in time", "Friendly people, quick answer",
    ]
    model = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(texts, ["bad"] * 4 + ["good"] * 4)
    converted = export(to_onnx(model, initial_types=[("text", StringTensorType([None, 1]))], target_opset=OPSETS))
    asked = np.array([*texts, "LATE AND BROKEN", "quick and LOVELY", "no word of these"], dtype=object)
    label, probabilities = model.predict(asked).astype(object), model.predict_proba(asked)
    framework = f"scikit-learn {sklearn.__version__}"
    save(
        "sklearn-text", converted, {"title": "Mood of a review", "features": [{"name": "text"}]},
        {**answers(framework, ["text"], asked.reshape(-1, 1), label, model.classes_, probabilities),
         "inputs": tensors({"text": asked.reshape(-1, 1)}),
         "outputs": tensors({"output_label": label, "output_probability": probabilities.astype(np.float32)})})


def answers(framework, names, rows, predicted, labels=None, probabilities=None):
    """The framework's predictions as Nestor's API has them: records in, `prediction` and `probabilities` out."""
    golden = {
        "framework": framework,
        "records": [{name: field(value) for name, value in zip(names, row)} for row in rows],
        "prediction": [plain(value) for value in predicted],
    }
    if probabilities is not None:
        golden["probabilities"] = [
            {str(label): float(value) for label, value in zip(labels, row)} for row in probabilities]
    return golden


def field(value):
    return None if isinstance(value, float | np.floating) and np.isnan(value) else plain(value)


def plain(value):
    return value.item() if isinstance(value, np.generic) else value
