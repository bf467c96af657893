"""What tritonclient's two clients have in common: the same calls over HTTP and over gRPC. Imported by a test file each."""

import json

import ml_dtypes
import numpy as np
import pytest
from conftest import ADMIN, DTYPES, IDENTITIES, golden_records, golden_tensors, same
from tritonclient.utils import InferenceServerException


def infer_input(triton, name, array, **how):
    from tritonclient.utils import np_to_triton_dtype

    tensor = triton.InferInput(name, list(array.shape), np_to_triton_dtype(array.dtype))
    tensor.set_data_from_numpy(array, **how)
    return tensor


def inputs_of(triton, arrays):
    return [infer_input(triton, name, array) for name, array in arrays.items()]


def as_json(message):
    """What a call answers, as both clients can have it."""
    if isinstance(message, (dict, list)):
        return message
    from google.protobuf.json_format import MessageToDict

    return MessageToDict(message, preserving_proto_field_name=True)


class TestServer:
    def test_lives_and_is_ready(self, client):
        assert client.is_server_live()
        assert client.is_server_ready()

    def test_metadata(self, client):
        metadata = as_json(client.get_server_metadata())
        assert metadata["name"] == "nestor"
        assert "binary_tensor_data" in metadata["extensions"]

    def test_model_readiness(self, client):
        assert client.is_model_ready("housing")
        assert client.is_model_ready("two-versions", "1")
        assert not client.is_model_ready("nowhere")
        assert not client.is_model_ready("housing", "99")

    def test_model_metadata(self, client):
        metadata = as_json(client.get_model_metadata("several"))
        assert metadata["name"] == "several"
        assert [tensor["name"] for tensor in metadata["inputs"]] == ["sides", "count"]
        assert [tensor["datatype"] for tensor in metadata["outputs"]] == ["FP32", "FP32", "INT64"]
        assert [int(size) for size in metadata["inputs"][0]["shape"]] == [-1, 2]
        assert as_json(client.get_model_metadata("two-versions", "1"))["versions"] == ["1", "2"]

    def test_model_config(self, client):
        config = as_json(client.get_model_config("image"))
        config = config.get("config", config)
        assert config["name"] == "image"
        assert config["max_batch_size"] > 0
        assert [int(size) for size in config["input"][0]["dims"]] == [3, 224, 224]
        assert config["input"][0]["data_type"] == "TYPE_FP32"

    def test_unknown_model(self, client):
        for call in (client.get_model_metadata, client.get_model_config, client.get_inference_statistics):
            with pytest.raises(InferenceServerException, match="nowhere"):
                call("nowhere")


class TestDatatypes:
    @pytest.mark.parametrize("datatype", DTYPES)
    def test_comes_back_to_the_bit(self, client, triton, datatype):
        model = IDENTITIES[datatype]
        [(_, array)] = golden_tensors(model, "inputs").items()
        result = client.infer(model, [infer_input(triton, "x", array)])
        assert same(result.as_numpy("y"), array)

    @pytest.mark.parametrize("datatype", DTYPES)
    def test_empty_and_large(self, client, triton, datatype):
        values = np.arange(2 * 3000) % 100
        array = values.astype(DTYPES[datatype]).reshape(3000, 2)
        if datatype == "BYTES":
            array = np.array([str(value).encode() for value in values], dtype=np.object_).reshape(3000, 2)
        model = IDENTITIES[datatype]
        assert same(client.infer(model, [infer_input(triton, "x", array)]).as_numpy("y"), array)

    def test_not_finite_numbers(self, client, triton):
        array = np.array([[np.nan, np.inf], [-np.inf, -0.0]], dtype=np.float32)
        result = client.infer("identity-fp32", [infer_input(triton, "x", array)])
        assert same(result.as_numpy("y"), array)

    def test_text_of_any_script(self, client, triton):
        array = np.array([["größer", "日本語"], ["🏠", ""]], dtype=np.object_)
        result = client.infer("identity-string", [infer_input(triton, "x", array)])
        assert [text.decode() for text in result.as_numpy("y").flatten()] == array.flatten().tolist()


class TestInference:
    @pytest.mark.parametrize(
        "model", ["several", "scalars", "dynamic-inner", "fixed-batch", "fixed-one", "text", "image"]
    )
    def test_golden_answer(self, client, triton, model):
        result = client.infer(model, inputs_of(triton, golden_tensors(model, "inputs")))
        for name, expected in golden_tensors(model, "outputs").items():
            actual = result.as_numpy(name)
            assert actual.shape == expected.shape
            if expected.dtype.kind == "f":
                np.testing.assert_allclose(actual, expected, rtol=1e-5)
            else:
                assert same(actual, expected)

    def test_shipped_models(self, client, triton):
        golden = golden_records("housing")
        metadata = as_json(client.get_model_metadata("housing"))
        rows = np.array([list(record.values()) for record in golden["records"]], dtype=np.float32)
        result = client.infer("housing", [infer_input(triton, metadata["inputs"][0]["name"], rows)])
        prices = result.as_numpy(metadata["outputs"][0]["name"])
        np.testing.assert_allclose(prices.flatten(), golden["prediction"], rtol=1e-4)

    def test_requested_outputs_and_id(self, client, triton):
        inputs = inputs_of(triton, golden_tensors("several", "inputs"))
        outputs = [triton.InferRequestedOutput("next")]
        result = client.infer("several", inputs, outputs=outputs, request_id="order-77")
        assert as_json(result.get_response())["id"] == "order-77"
        assert result.as_numpy("next").shape == (2, 1)
        assert result.as_numpy("total") is None

    def test_versions(self, client, triton):
        array = np.array([[1.0]], dtype=np.float32)
        shape = [int(size) for size in as_json(client.get_model_metadata("two-versions"))["inputs"][0]["shape"]]
        array = array.reshape([1] * len(shape))
        answers = []
        for version in ("1", "2", ""):
            result = client.infer("two-versions", [infer_input(triton, "x", array)], model_version=version)
            answers.append((as_json(result.get_response())["model_version"], float(result.as_numpy("y").flatten()[0])))
        assert answers == [("1", 2.0), ("2", 3.0), ("2", 3.0)]

    def test_classification(self, client, triton):
        rows = np.array([list(golden_records("wine")["records"][0].values())], dtype=np.float32)
        metadata = as_json(client.get_model_metadata("wine"))
        chances = next(tensor["name"] for tensor in metadata["outputs"] if tensor["datatype"] == "FP32")
        outputs = [triton.InferRequestedOutput(chances, class_count=2)]
        result = client.infer("wine", [infer_input(triton, metadata["inputs"][0]["name"], rows)], outputs=outputs)
        classes = [entry.decode().split(":") for entry in result.as_numpy(chances).flatten()]
        assert len(classes) == 2
        assert float(classes[0][0]) > float(classes[1][0])
        assert classes[0][2] == golden_records("wine")["prediction"][0]

    def test_timeout_parameter(self, client, triton):
        array = golden_tensors("slow", "inputs")
        slow = {name: np.full_like(values, 2000) for name, values in array.items()}
        with pytest.raises(InferenceServerException, match="(?i)deadline"):
            # Microseconds; two at once, so that the second is still waiting when its time is over.
            handles = [slow_infer(client, triton, slow) for _ in range(2)]
            for wait in handles:
                wait()

    def test_reuse_of_objects(self, client, triton):
        """reuse_infer_objects_client.py: the same input and output objects for several requests."""
        tensor = triton.InferInput("x", [1, 2], "FP32")
        output = triton.InferRequestedOutput("y")
        for value in (1.0, 2.0, 3.0):
            array = np.full((1, 2), value, dtype=np.float32)
            tensor.set_data_from_numpy(array)
            assert same(client.infer("identity-fp32", [tensor], outputs=[output]).as_numpy("y"), array)


def slow_infer(client, triton, arrays):
    """Starts an inference with half a second's patience; returns what waits for its end."""
    inputs = inputs_of(triton, arrays)
    if triton.__name__.endswith("http"):
        handle = client.async_infer("slow", inputs, timeout=500_000)
        return handle.get_result
    import queue

    answers = queue.Queue()
    client.async_infer("slow", inputs, lambda result, error: answers.put(error), timeout=500_000)

    def wait():
        error = answers.get(timeout=30)
        if error is not None:
            raise error

    return wait


class TestErrors:
    """A bad request is refused with the tensor named, and the server lives."""

    def refuse(self, call, *words):
        with pytest.raises(InferenceServerException) as raised:
            call()
        message = raised.value.message()
        for word in words:
            assert word in message, message
        return raised.value.status()

    def test_wrong_datatype(self, client, triton):
        array = np.zeros((1, 2), dtype=np.int32)
        self.refuse(lambda: client.infer("identity-fp32", [infer_input(triton, "x", array)]), "x", "FP32", "INT32")

    def test_wrong_shape(self, client, triton):
        array = np.zeros((1, 3), dtype=np.float32)
        self.refuse(lambda: client.infer("identity-fp32", [infer_input(triton, "x", array)]), "x", "2", "3")

    def test_unknown_input(self, client, triton):
        array = np.zeros((1, 2), dtype=np.float32)
        self.refuse(lambda: client.infer("identity-fp32", [infer_input(triton, "z", array)]), "z")

    def test_missing_input(self, client, triton):
        array = np.zeros((1, 2), dtype=np.float32)
        self.refuse(lambda: client.infer("several", [infer_input(triton, "sides", array)]), "count")

    def test_unknown_output(self, client, triton):
        array = np.zeros((1, 2), dtype=np.float32)
        outputs = [triton.InferRequestedOutput("w")]
        self.refuse(lambda: client.infer("identity-fp32", [infer_input(triton, "x", array)], outputs=outputs), "w")

    def test_unknown_model_and_version(self, client, triton):
        inputs = [infer_input(triton, "x", np.zeros((1, 2), dtype=np.float32))]
        assert self.refuse(lambda: client.infer("nowhere", inputs), "nowhere") in ("404", "StatusCode.NOT_FOUND")
        self.refuse(lambda: client.infer("identity-fp32", inputs, model_version="9"), "9")
        self.refuse(lambda: client.infer("identity-fp32", inputs, model_version="latest"), "latest")

    def test_bf16(self, client, triton):
        tensor = triton.InferInput("x", [1, 2], "BF16")
        tensor.set_data_from_numpy(np.zeros((1, 2), dtype=ml_dtypes.bfloat16))
        self.refuse(lambda: client.infer("identity-fp32", [tensor]), "BF16")

    def test_a_model_that_fails_on_a_value(self, client, triton):
        arrays = golden_tensors("fails-on-value", "inputs")
        wrong = {name: np.full_like(values, 1000) for name, values in arrays.items()}
        self.refuse(lambda: client.infer("fails-on-value", inputs_of(triton, wrong)))
        client.infer("fails-on-value", inputs_of(triton, arrays))

    def test_sequences_are_not_ignored(self, client, triton):
        inputs = [infer_input(triton, "x", np.zeros((1, 2), dtype=np.float32))]
        self.refuse(lambda: client.infer("identity-fp32", inputs, sequence_id=7, sequence_start=True), "sequence")

    @pytest.mark.parametrize("kind", ["system", "cuda"])
    def test_shared_memory_is_refused_clearly(self, client, triton, kind):
        self.refuse(getattr(client, f"get_{kind}_shared_memory_status"))
        tensor = triton.InferInput("x", [1, 2], "FP32")
        tensor.set_shared_memory("region", 8)
        self.refuse(lambda: client.infer("identity-fp32", [tensor]), "shared_memory")

    def test_trace_and_log_settings_are_refused_clearly(self, client):
        self.refuse(client.get_trace_settings)
        self.refuse(client.get_log_settings)


class TestRepository:
    """simple_*_model_control.py, with a key for administration."""

    def test_index(self, client):
        index = as_json(client.get_model_repository_index())
        states = {entry["name"]: entry["state"] for entry in (index if isinstance(index, list) else index["models"])}
        assert states["housing"] == "READY"

    def test_unload_and_load(self, client, triton):
        inputs = [infer_input(triton, "x", np.zeros((1, 2), dtype=np.float32))]
        client.unload_model("identity-fp16", headers=ADMIN)
        assert not client.is_model_ready("identity-fp16")
        client.load_model("identity-fp16", headers=ADMIN)
        assert client.is_model_ready("identity-fp16")
        client.infer("identity-fp32", inputs)

    def test_load_of_nothing(self, client):
        with pytest.raises(InferenceServerException, match="wrong_model_name"):
            client.load_model("wrong_model_name", headers=ADMIN)
        with pytest.raises(InferenceServerException, match="wrong_model_name"):
            client.unload_model("wrong_model_name", headers=ADMIN)

    def test_without_a_key(self, client):
        with pytest.raises(InferenceServerException, match="(?i)key"):
            client.load_model("housing")

    def test_a_configuration_is_refused_clearly(self, client):
        with pytest.raises(InferenceServerException, match="parameters"):
            client.load_model("housing", headers=ADMIN, config=json.dumps({"max_batch_size": 4}))


class TestStatistics:
    def test_counts(self, client, triton):
        def read():
            [stats] = as_json(client.get_inference_statistics("identity-uint8"))["model_stats"]
            return {name: int(stats.get(name, 0)) for name in ("inference_count", "execution_count")}, stats

        before, _ = read()
        array = np.zeros((5, 2), dtype=np.uint8)
        for _ in range(3):
            client.infer("identity-uint8", [infer_input(triton, "x", array)])
        after, stats = read()
        assert after["inference_count"] - before["inference_count"] == 15
        assert 1 <= after["execution_count"] - before["execution_count"] <= 3
        assert int(stats["inference_stats"]["success"]["count"]) >= 3
        assert int(stats["inference_stats"]["success"]["ns"]) > 0

    def test_all_models(self, client):
        names = {stats["name"] for stats in as_json(client.get_inference_statistics())["model_stats"]}
        assert {"housing", "wine", "digits", "several"} <= names
