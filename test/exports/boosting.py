"""XGBoost, LightGBM and CatBoost, as their usual converters write them."""

import catboost
import lightgbm
import numpy as np
import onnxmltools
import xgboost
from onnxmltools.convert.common.data_types import FloatTensorType
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris

from case import save

SEED = 16
IRIS = load_iris()
FLOWERS = IRIS.data.astype(np.float32)
SPECIES = IRIS.target_names[IRIS.target]
MEASURES = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
TUMOURS = load_breast_cancer()
DIABETES = load_diabetes()


def make():
    data = {
        "binary": (TUMOURS.data.astype(np.float32)[:, :6], TUMOURS.target, 20),
        "classes": (FLOWERS, IRIS.target, 10),
        "value": (DIABETES.data.astype(np.float32), DIABETES.target, 30),
    }
    for name, (rows, target, every) in data.items():
        names = [f"f{at}" for at in range(rows.shape[1])]
        for save_as in (of_xgboost, of_lightgbm, of_catboost):
            save_as(name, rows, target, names, rows[::every])
    words()


def of_xgboost(name, rows, target, names, some):
    kind = xgboost.XGBRegressor if name == "value" else xgboost.XGBClassifier
    model = kind(n_estimators=20, max_depth=3, random_state=SEED, n_jobs=1).fit(rows, target)
    converted = onnxmltools.convert_xgboost(model, initial_types=[("input", FloatTensorType([None, len(names)]))])
    save(f"xgboost-{name}", converted, f"XGBoost {xgboost.__version__}", names, some, answers(model, some))


def of_lightgbm(name, rows, target, names, some):
    kind = lightgbm.LGBMRegressor if name == "value" else lightgbm.LGBMClassifier
    model = kind(n_estimators=20, max_depth=3, random_state=SEED, n_jobs=1, verbose=-1).fit(rows, target)
    converted = onnxmltools.convert_lightgbm(model, initial_types=[("input", FloatTensorType([None, len(names)]))])
    save(f"lightgbm-{name}", converted, f"LightGBM {lightgbm.__version__}", names, some, answers(model, some))


def of_catboost(name, rows, target, names, some):
    kind = catboost.CatBoostRegressor if name == "value" else catboost.CatBoostClassifier
    model = kind(iterations=20, depth=3, random_seed=SEED, thread_count=1, verbose=False, allow_writing_files=False)
    model.fit(rows, target)
    save(f"catboost-{name}", exported(model), f"CatBoost {catboost.__version__}", names, some, answers(model, some))


def words():
    """Classes that are words."""
    some = FLOWERS[::10]
    light = lightgbm.LGBMClassifier(n_estimators=10, random_state=SEED, n_jobs=1, verbose=-1).fit(FLOWERS, SPECIES)
    converted = onnxmltools.convert_lightgbm(light, initial_types=[("input", FloatTensorType([None, 4]))])
    save("lightgbm-words", converted, f"LightGBM {lightgbm.__version__}", MEASURES, some, answers(light, some))
    cat = catboost.CatBoostClassifier(
        iterations=10, random_seed=SEED, thread_count=1, verbose=False, allow_writing_files=False)
    cat.fit(FLOWERS, SPECIES)
    save("catboost-words", exported(cat), f"CatBoost {catboost.__version__}", MEASURES, some, answers(cat, some))


def exported(model):
    return lambda path: model.save_model(path, format="onnx")


def answers(model, rows):
    # CatBoost's labels of several classes are a column.
    prediction = np.asarray(model.predict(rows)).reshape(len(rows))
    if not hasattr(model, "predict_proba"):
        return {"prediction": prediction}
    return {"prediction": prediction, "probabilities": (model.classes_, model.predict_proba(rows))}
