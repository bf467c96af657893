"""tritonclient.http, its asyncio client, and the ways of calling of Triton's HTTP examples."""

import asyncio

import numpy as np
import pytest
import tritonclient.http as httpclient
import tritonclient.http.aio as aiohttpclient
from conftest import DTYPES, HTTP, IDENTITIES, golden_tensors, same
from tritonclient.utils import InferenceServerException
from tritonclient_cases import *
from tritonclient_cases import infer_input, inputs_of


@pytest.fixture(scope="module")
def triton():
    return httpclient


@pytest.fixture(scope="module")
def client():
    with httpclient.InferenceServerClient(HTTP, concurrency=4) as connected:
        yield connected


class TestEncodings:
    """Binary and JSON, one way or both."""

    @pytest.mark.parametrize("binary_out", [True, False], ids=["binary-out", "json-out"])
    @pytest.mark.parametrize("binary_in", [True, False], ids=["binary-in", "json-in"])
    @pytest.mark.parametrize("datatype", DTYPES)
    def test_datatype(self, client, datatype, binary_in, binary_out):
        if datatype == "FP16" and not (binary_in and binary_out):
            pytest.skip("tritonclient has no JSON form for FP16")
        array = golden_tensors(IDENTITIES[datatype], "inputs")["x"]
        tensor = infer_input(httpclient, "x", array, binary_data=binary_in)
        output = httpclient.InferRequestedOutput("y", binary_data=binary_out)
        actual = client.infer(IDENTITIES[datatype], [tensor], outputs=[output]).as_numpy("y")
        if datatype == "BYTES" and not binary_out:
            actual = np.array([text.encode() for text in actual.flatten()], dtype=np.object_).reshape(array.shape)
        assert same(actual, array)

    def test_both_in_one_request(self, client):
        arrays = golden_tensors("several", "inputs")
        inputs = [
            infer_input(httpclient, "sides", arrays["sides"], binary_data=True),
            infer_input(httpclient, "count", arrays["count"], binary_data=False),
        ]
        outputs = [
            httpclient.InferRequestedOutput("next", binary_data=True),
            httpclient.InferRequestedOutput("total", binary_data=False),
            httpclient.InferRequestedOutput("scaled", binary_data=True),
        ]
        result = client.infer("several", inputs, outputs=outputs)
        for name, expected in golden_tensors("several", "outputs").items():
            assert same(result.as_numpy(name), expected)

    @pytest.mark.parametrize("response", ["gzip", "deflate", None])
    @pytest.mark.parametrize("request_", ["gzip", "deflate", None])
    def test_compression(self, client, request_, response):
        array = np.arange(20_000, dtype=np.float32).reshape(10_000, 2)
        result = client.infer(
            "identity-fp32",
            [infer_input(httpclient, "x", array)],
            request_compression_algorithm=request_,
            response_compression_algorithm=response,
        )
        assert same(result.as_numpy("y"), array)

    def test_generated_bodies(self):
        """generate_request_body and parse_response_body, for those who send by themselves."""
        import requests

        array = golden_tensors("identity-int64", "inputs")["x"]
        body, json_size = httpclient.InferenceServerClient.generate_request_body([infer_input(httpclient, "x", array)])
        headers = {"Inference-Header-Content-Length": str(json_size)} if json_size else {}
        answer = requests.post(f"http://{HTTP}/v2/models/identity-int64/infer", data=body, headers=headers, timeout=10)
        size = answer.headers.get("Inference-Header-Content-Length")
        result = httpclient.InferenceServerClient.parse_response_body(
            answer.content, header_length=int(size) if size else None
        )
        assert same(result.as_numpy("y"), array)

    def test_nineteen_megabytes(self, client):
        array = np.random.default_rng(7).random((32, 3, 224, 224), dtype=np.float32)
        result = client.infer("image", [infer_input(httpclient, "image", array)])
        np.testing.assert_allclose(result.as_numpy("means"), array.mean(axis=(2, 3)), rtol=1e-4)


class TestManyAtOnce:
    def test_async_infer(self, client):
        """simple_http_async_infer_client.py"""
        handles = [
            client.async_infer("identity-int32", [infer_input(httpclient, "x", np.full((1, 2), n, dtype=np.int32))])
            for n in range(40)
        ]
        assert [int(handle.get_result().as_numpy("y")[0, 0]) for handle in handles] == list(range(40))

    def test_async_error(self, client):
        array = np.zeros((1, 3), dtype=np.int32)
        handle = client.async_infer("identity-int32", [infer_input(httpclient, "x", array)])
        with pytest.raises(InferenceServerException, match="x"):
            handle.get_result()

    def test_aio(self):
        async def run():
            async with aiohttpclient.InferenceServerClient(HTTP) as client:
                assert await client.is_server_live() and await client.is_server_ready()
                assert await client.is_model_ready("several")
                assert (await client.get_model_metadata("several"))["name"] == "several"
                arrays = golden_tensors("several", "inputs")
                runs = [client.infer("several", inputs_of(aiohttpclient, arrays), request_id=str(n)) for n in range(20)]
                return await asyncio.gather(*runs)

        results = asyncio.run(run())
        assert [result.get_response()["id"] for result in results] == [str(n) for n in range(20)]
        expected = golden_tensors("several", "outputs")
        assert all(same(result.as_numpy("total"), expected["total"]) for result in results)


class TestExamples:
    def test_image_client(self, client):
        """image_client.py: what it asks of a model's metadata and configuration before it sends a picture."""
        metadata, config = client.get_model_metadata("image"), client.get_model_config("image")
        assert len(metadata["inputs"]) == len(metadata["outputs"]) == len(config["input"]) == 1
        assert metadata["outputs"][0]["datatype"] == "FP32"
        assert len(metadata["inputs"][0]["shape"]) == 3 + (config["max_batch_size"] > 0)
        assert config["input"][0]["format"] == "FORMAT_NCHW"

    def test_query_parameters_and_headers(self, client):
        """simple_http_infer_client.py -H: headers and query parameters of the caller's own."""
        array = np.zeros((1, 2), dtype=np.int32)
        result = client.infer(
            "identity-int32",
            [infer_input(httpclient, "x", array)],
            query_params={"test_1": 1, "test_2": 2},
            headers={"my-header": "yes"},
        )
        assert same(result.as_numpy("y"), array)

    def test_strings_as_numbers(self, client):
        """simple_http_string_infer_client.py: numbers as text, JSON and binary mixed."""
        texts = np.array([[str(n).encode() for n in (1, 22)]], dtype=np.object_)
        for how in (True, False):
            tensor = infer_input(httpclient, "x", texts, binary_data=how)
            output = httpclient.InferRequestedOutput("y", binary_data=True)
            assert same(client.infer("identity-string", [tensor], outputs=[output]).as_numpy("y"), texts)
