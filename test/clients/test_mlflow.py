"""MLflow's client of a scoring server, its deployments' reading of answers, and its own check of what it would send."""

import json

import numpy as np
import pandas as pd
import pytest
import requests
from conftest import HTTP, golden_records
from mlflow.deployments import PredictionsResponse
from mlflow.exceptions import MlflowException, RestException
from mlflow.pyfunc import scoring_server
from mlflow.pyfunc.scoring_server.client import ScoringServerClient
from mlflow.utils.proto_json_utils import dump_input_data
from mlflow.utils.rest_utils import verify_rest_response
from mlflow.version import VERSION

GOLDEN = golden_records("housing")
FRAME = pd.DataFrame(GOLDEN["records"])
INVOCATIONS = f"http://{HTTP}/invocations"


@pytest.fixture(scope="module")
def client():
    return ScoringServerClient(*HTTP.split(":"))


def assert_prices(response):
    assert isinstance(response, PredictionsResponse)
    np.testing.assert_allclose(response.get_predictions("ndarray"), GOLDEN["prediction"], rtol=1e-4)
    assert len(response.get_predictions()) == len(GOLDEN["prediction"])


class TestClient:
    def test_readiness(self, client):
        client.wait_server_ready(timeout=5)
        client.ping()
        assert requests.get(f"http://{HTTP}/health", timeout=5).status_code == 200

    def test_version(self, client):
        assert client.get_version() == VERSION

    def test_a_data_frame(self, client):
        assert_prices(client.invoke(FRAME))

    def test_a_data_frame_with_another_index_and_order(self, client):
        assert_prices(
            client.invoke(FRAME.set_index(pd.Index([f"house {n}" for n in range(len(FRAME))]))[FRAME.columns[::-1]])
        )

    def test_an_array(self, client):
        assert_prices(client.invoke(FRAME.to_numpy(dtype=float)))

    def test_a_list_of_records(self, client):
        assert_prices(client.invoke(GOLDEN["records"]))

    def test_empty_params(self, client):
        assert_prices(client.invoke(FRAME, params={}))

    def test_params_are_refused(self, client):
        with pytest.raises(Exception, match="params"):
            client.invoke(FRAME, params={"temperature": 0.5})

    def test_errors(self, client):
        with pytest.raises(Exception, match="LSTAT is missing"):
            client.invoke(FRAME.drop(columns="LSTAT"))


class TestForms:
    """Each form as MLflow itself writes it, accepted by MLflow's own parser first."""

    def send(self, payload):
        scoring_server._parse_json_data(payload, None, None)
        answer = requests.post(INVOCATIONS, data=payload, headers={"Content-Type": "application/json"}, timeout=10)
        assert answer.headers["content-type"] == "application/json"
        return PredictionsResponse.from_json(answer.text)

    @pytest.mark.parametrize("orient", ["split", "records"])
    def test_data_frames(self, orient):
        assert_prices(self.send(json.dumps({f"dataframe_{orient}": FRAME.to_dict(orient=orient)})))

    @pytest.mark.parametrize("key", ["inputs", "instances"])
    def test_tensors(self, key):
        assert_prices(self.send(dump_input_data(FRAME.to_numpy(dtype=float), inputs_key=key)))

    def test_named_columns(self):
        assert_prices(self.send(json.dumps({"inputs": FRAME.to_dict(orient="list")})))

    def test_csv(self):
        body = FRAME.to_csv(index=False)
        assert len(scoring_server.parse_csv_input(__import__("io").StringIO(body))) == len(FRAME)
        for content_type in ("text/csv", "text/csv; charset=utf-8"):
            answer = requests.post(INVOCATIONS, data=body, headers={"Content-Type": content_type}, timeout=10)
            assert_prices(PredictionsResponse.from_json(answer.text))


class TestErrors:
    """What MLflow's REST helper makes of our errors."""

    def refused(self, body, content_type="application/json"):
        answer = requests.post(INVOCATIONS, data=body, headers={"Content-Type": content_type}, timeout=10)
        with pytest.raises(RestException) as raised:
            verify_rest_response(answer, "/invocations")
        assert "Traceback" not in answer.text and "stack_trace" not in answer.json()
        return answer.status_code, raised.value

    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            ("[1, 2]", 422, "INVALID_PARAMETER_VALUE"),
            ("{", 400, "BAD_REQUEST"),
            ('{"inputs": [[1]], "instances": [[1]]}', 422, "INVALID_PARAMETER_VALUE"),
            ('{"inputs": [["x"]]}', 422, "INVALID_PARAMETER_VALUE"),
        ],
    )
    def test_bad_requests(self, body, status, code):
        answered, error = self.refused(body)
        assert (answered, error.error_code) == (status, code)

    @pytest.mark.parametrize("body", ["[1, 2]", "{", '{"inputs": [[1]], "instances": [[1]]}', "{}"])
    def test_mlflow_refuses_them_too(self, body):
        with pytest.raises(MlflowException):
            scoring_server._parse_json_data(body, None, None)

    @pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "text/csv; header=present"])
    def test_media_types(self, content_type):
        model = type("Model", (), {"predict": lambda self, data: data})()
        theirs = scoring_server.invocations(b"{}", content_type, model, None)
        assert theirs.status == 415
        assert self.refused("{}", content_type)[0] == 415
