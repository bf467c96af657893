"""tritonclient.grpc, its asyncio client, and the ways of calling of Triton's gRPC examples."""

import asyncio
import queue
from functools import partial

import grpc
import numpy as np
import pytest
import tritonclient.grpc as grpcclient
import tritonclient.grpc.aio as aiogrpcclient
from conftest import GRPC, IDENTITIES, golden_tensors, same
from tritonclient.grpc import service_pb2, service_pb2_grpc
from tritonclient.utils import InferenceServerException
from tritonclient_cases import *
from tritonclient_cases import infer_input, inputs_of


@pytest.fixture(scope="module")
def triton():
    return grpcclient


@pytest.fixture(scope="module")
def client():
    with grpcclient.InferenceServerClient(GRPC) as connected:
        yield connected


@pytest.fixture(scope="module")
def stub():
    """grpc_client.py: the stub made from Triton's own .proto."""
    with grpc.insecure_channel(GRPC) as channel:
        yield service_pb2_grpc.GRPCInferenceServiceStub(channel)


#: The field of InferTensorContents that holds a datatype's elements; FP16 has none.
CONTENTS = {
    "BOOL": "bool_contents",
    "UINT8": "uint_contents",
    "UINT16": "uint_contents",
    "UINT32": "uint_contents",
    "UINT64": "uint64_contents",
    "INT8": "int_contents",
    "INT16": "int_contents",
    "INT32": "int_contents",
    "INT64": "int64_contents",
    "FP32": "fp32_contents",
    "FP64": "fp64_contents",
    "BYTES": "bytes_contents",
}


class TestStub:
    @pytest.mark.parametrize("datatype", CONTENTS)
    def test_typed_contents(self, stub, datatype):
        """What MLServer's and KServe's servers do: values in typed fields, answered in typed fields."""
        array = golden_tensors(IDENTITIES[datatype], "inputs")["x"]
        request = service_pb2.ModelInferRequest(model_name=IDENTITIES[datatype])
        tensor = request.inputs.add(name="x", datatype=datatype, shape=array.shape)
        getattr(tensor.contents, CONTENTS[datatype]).extend(array.flatten().tolist())
        response = stub.ModelInfer(request)
        [output] = response.outputs
        assert output.datatype == datatype
        assert list(output.shape) == list(array.shape)
        assert list(getattr(output.contents, CONTENTS[datatype])) == array.flatten().tolist()

    @pytest.mark.parametrize("datatype", CONTENTS)
    def test_typed_contents_answered_raw(self, stub, datatype):
        """grpc_explicit_int_content_client.py and its kin send typed fields and read raw bytes: here they say so."""
        array = golden_tensors(IDENTITIES[datatype], "inputs")["x"]
        request = service_pb2.ModelInferRequest(model_name=IDENTITIES[datatype])
        tensor = request.inputs.add(name="x", datatype=datatype, shape=array.shape)
        getattr(tensor.contents, CONTENTS[datatype]).extend(array.flatten().tolist())
        request.parameters["binary_data_output"].bool_param = True
        response = stub.ModelInfer(request)
        assert same(grpcclient.InferResult(response).as_numpy("y"), array)

    def test_raw_contents(self, stub):
        """grpc_client.py: raw bytes beside the tensors' descriptions."""
        request = service_pb2.ModelInferRequest(model_name="identity-int32", id="my request id")
        request.inputs.add(name="x", datatype="INT32", shape=[2, 2])
        request.outputs.add(name="y")
        request.raw_input_contents.append(np.arange(4, dtype=np.int32).tobytes())
        response = stub.ModelInfer(request)
        assert response.id == "my request id"
        assert response.raw_output_contents[0] == request.raw_input_contents[0]

    def test_status_codes(self, stub):
        def code_of(call, request, **how):
            with pytest.raises(grpc.RpcError) as raised:
                call(request, **how)
            return raised.value.code()

        assert (
            code_of(stub.ModelInfer, service_pb2.ModelInferRequest(model_name="nowhere")) == grpc.StatusCode.NOT_FOUND
        )
        no_inputs = service_pb2.ModelInferRequest(model_name="identity-int32")
        assert code_of(stub.ModelInfer, no_inputs) == grpc.StatusCode.INVALID_ARGUMENT
        truncated = service_pb2.ModelInferRequest(model_name="identity-int32")
        truncated.inputs.add(name="x", datatype="INT32", shape=[2, 2])
        truncated.raw_input_contents.append(b"\0" * 7)
        assert code_of(stub.ModelInfer, truncated) == grpc.StatusCode.INVALID_ARGUMENT
        unload = service_pb2.RepositoryModelUnloadRequest(model_name="housing")
        assert code_of(stub.RepositoryModelUnload, unload) in (
            grpc.StatusCode.UNAUTHENTICATED,
            grpc.StatusCode.PERMISSION_DENIED,
        )

    def test_deadline_of_the_call(self, stub):
        request = service_pb2.ModelInferRequest(model_name="slow")
        for name, values in golden_tensors("slow", "inputs").items():
            request.inputs.add(name=name, datatype="INT64", shape=values.shape)
            request.raw_input_contents.append(np.full_like(values, 1500).tobytes())
        with pytest.raises(grpc.RpcError) as raised:
            stub.ModelInfer(request, timeout=0.3)
        assert raised.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED

    def test_standard_health(self):
        """grpc.health.v1, as grpc_health_probe and Kubernetes ask; the request is an empty message."""
        with grpc.insecure_channel(GRPC) as channel:
            check = channel.unary_unary("/grpc.health.v1.Health/Check")
            assert check(b"") == b"\x08\x01"


class TestManyAtOnce:
    def test_async_infer(self, client):
        """simple_grpc_async_infer_client.py"""
        answers = queue.Queue()
        for n in range(40):
            tensor = infer_input(grpcclient, "x", np.full((1, 2), n, dtype=np.int32))
            client.async_infer("identity-int32", [tensor], lambda result, error: answers.put((result, error)))
        results = [answers.get(timeout=20) for _ in range(40)]
        assert all(error is None for _, error in results)
        assert sorted(int(result.as_numpy("y")[0, 0]) for result, _ in results) == list(range(40))

    def test_stream(self):
        """simple_grpc_sequence_stream_infer_client.py's way: answers come in the order of the requests."""
        answers = queue.Queue()
        with grpcclient.InferenceServerClient(GRPC) as client:
            client.start_stream(partial(lambda user, result, error: user.put((result, error)), answers))
            for n in range(30):
                tensor = infer_input(grpcclient, "x", np.full((1, 2), n, dtype=np.int32))
                client.async_stream_infer("identity-int32", [tensor], request_id=str(n))
            results = [answers.get(timeout=20) for _ in range(30)]
            client.stop_stream()
        assert [error for _, error in results if error] == []
        assert [result.get_response().id for result, _ in results] == [str(n) for n in range(30)]
        assert [int(result.as_numpy("y")[0, 0]) for result, _ in results] == list(range(30))

    def test_stream_goes_on_after_an_error(self):
        answers = queue.Queue()
        with grpcclient.InferenceServerClient(GRPC) as client:
            client.start_stream(lambda result, error: answers.put((result, error)))
            for columns in (2, 3, 2):
                tensor = infer_input(grpcclient, "x", np.zeros((1, columns), dtype=np.int32))
                client.async_stream_infer("identity-int32", [tensor], request_id=str(columns))
            results = [answers.get(timeout=20) for _ in range(3)]
            client.stop_stream()
        assert [error is None for _, error in results] == [True, False, True]
        assert "x" in results[1][1].message()

    def test_final_response_of_a_stream(self):
        """decoupled clients ask for an empty last response, or look for its mark"""
        answers = queue.Queue()
        with grpcclient.InferenceServerClient(GRPC) as client:
            client.start_stream(lambda result, error: answers.put((result, error)))
            tensor = infer_input(grpcclient, "x", np.zeros((1, 2), dtype=np.int32))
            client.async_stream_infer("identity-int32", [tensor], enable_empty_final_response=True)
            result, error = answers.get(timeout=20)
            client.stop_stream()
        assert error is None
        assert result.get_response().parameters["triton_final_response"].bool_param

    def test_aio(self):
        async def run():
            async with aiogrpcclient.InferenceServerClient(GRPC) as client:
                assert await client.is_server_live() and await client.is_server_ready()
                arrays = golden_tensors("several", "inputs")
                runs = [client.infer("several", inputs_of(aiogrpcclient, arrays), request_id=str(n)) for n in range(20)]
                return await asyncio.gather(*runs)

        results = asyncio.run(run())
        assert [result.get_response().id for result in results] == [str(n) for n in range(20)]
        expected = golden_tensors("several", "outputs")
        assert all(same(result.as_numpy("total"), expected["total"]) for result in results)

    def test_aio_stream(self):
        """simple_grpc_aio_sequence_stream_infer_client.py's way"""

        async def run():
            async with aiogrpcclient.InferenceServerClient(GRPC) as client:

                async def requests():
                    for n in range(5):
                        tensor = infer_input(aiogrpcclient, "x", np.full((1, 2), n, dtype=np.int32))
                        yield {"model_name": "identity-int32", "inputs": [tensor], "request_id": str(n)}

                return [(result, error) async for result, error in client.stream_infer(requests())]

        answers = asyncio.run(run())
        assert [int(result.as_numpy("y")[0, 0]) for result, error in answers if error is None] == list(range(5))

    def test_client_timeout(self, client):
        arrays = {name: np.full_like(values, 1500) for name, values in golden_tensors("slow", "inputs").items()}
        with pytest.raises(InferenceServerException, match="(?i)deadline"):
            client.infer("slow", inputs_of(grpcclient, arrays), client_timeout=0.3)

    def test_cancellation(self, client):
        """simple_grpc_async_infer_client.py's CallContext: a request that is called back."""
        arrays = {name: np.full_like(values, 800) for name, values in golden_tensors("slow", "inputs").items()}
        answers = queue.Queue()
        call = client.async_infer("slow", inputs_of(grpcclient, arrays), lambda result, error: answers.put(error))
        call.cancel()
        assert "CANCELLED" in str(answers.get(timeout=20))


class TestExamples:
    @pytest.mark.parametrize("algorithm", ["gzip", "deflate"])
    def test_compression(self, client, algorithm):
        array = np.arange(20_000, dtype=np.float32).reshape(10_000, 2)
        tensor = infer_input(grpcclient, "x", array)
        result = client.infer("identity-fp32", [tensor], compression_algorithm=algorithm)
        assert same(result.as_numpy("y"), array)

    def test_image_client(self, client):
        """image_client.py -i grpc: what it asks of a model before it sends a picture."""
        config = client.get_model_config("image").config
        assert config.max_batch_size > 0
        assert config.input[0].format == config.input[0].FORMAT_NCHW

    def test_keepalive(self):
        """simple_grpc_keepalive_client.py"""
        options = grpcclient.KeepAliveOptions(
            keepalive_time_ms=2**31 - 1, keepalive_timeout_ms=20000, http2_max_pings_without_data=2
        )
        with grpcclient.InferenceServerClient(GRPC, keepalive_options=options) as client:
            assert client.is_server_live()

    def test_channel_arguments(self):
        """simple_grpc_custom_args_client.py"""
        arguments = [("grpc.primary_user_agent", "custom"), ("grpc.max_receive_message_length", -1)]
        with grpcclient.InferenceServerClient(GRPC, channel_args=arguments) as client:
            array = np.zeros((1, 2), dtype=np.int32)
            assert same(client.infer("identity-int32", [infer_input(grpcclient, "x", array)]).as_numpy("y"), array)

    def test_nineteen_megabytes(self, client):
        array = np.random.default_rng(7).random((32, 3, 224, 224), dtype=np.float32)
        result = client.infer("image", [infer_input(grpcclient, "image", array)])
        np.testing.assert_allclose(result.as_numpy("means"), array.mean(axis=(2, 3)), rtol=1e-4)
