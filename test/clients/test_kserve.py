"""KServe's own inference clients, REST (V1 and V2) and gRPC, and its models of the Kubernetes resources."""

import asyncio
import re
from functools import wraps

import httpx
import kserve
import kubernetes
import numpy as np
import pytest
import yaml
from conftest import DTYPES, GRPC, HTTP, IDENTITIES, ROOT, golden_records, golden_tensors, same
from kserve import InferenceGRPCClient, InferenceRESTClient, InferInput, InferRequest, RESTConfig
from kserve.protocol.infer_type import RequestedOutput

URL = f"http://{HTTP}"

#: What Kubernetes' models call types that are no models; an object may be anything.
PRIMITIVES = {"str": str, "int": int, "bool": bool, "float": (int, float), "object": (dict, str, int)}


def with_rest(protocol):
    """Runs a coroutine test with a client of one REST protocol."""

    def wrap(test):
        @wraps(test)
        def run(self):
            async def go():
                async with InferenceRESTClient(RESTConfig(protocol=protocol, retries=0)) as client:
                    await test(self, client)

            asyncio.run(go())

        del run.__wrapped__  # pytest would take the client for a fixture
        return run

    return wrap


class TestV1:
    @with_rest("v1")
    async def test_lives_and_models_are_ready(self, client):
        assert await client.is_server_live(URL)
        assert await client.is_model_ready(URL, "housing")
        with pytest.raises(httpx.HTTPStatusError, match="nowhere.*404"):
            await client.is_model_ready(URL, "nowhere")

    @with_rest("v1")
    async def test_instances_as_lists(self, client):
        golden = golden_records("housing")
        rows = [list(record.values()) for record in golden["records"]]
        answer = await client.infer(URL, {"instances": rows}, model_name="housing")
        np.testing.assert_allclose(answer["predictions"], golden["prediction"], rtol=1e-4)

    @with_rest("v1")
    async def test_instances_as_records(self, client):
        golden = golden_records("wine")
        answer = await client.infer(URL, {"instances": golden["records"]}, model_name="wine")
        assert answer == {"predictions": golden["prediction"]}

    @with_rest("v1")
    async def test_columnar_inputs(self, client):
        golden = golden_records("wine")
        columns = {name: [record[name] for record in golden["records"]] for name in golden["records"][0]}
        answer = await client.infer(URL, {"inputs": columns}, model_name="wine")
        assert answer == {"predictions": golden["prediction"]}

    @with_rest("v1")
    async def test_the_text_of_an_error_arrives(self, client):
        with pytest.raises(httpx.HTTPStatusError, match="row 0: .* is missing.*422"):
            await client.infer(URL, {"instances": [{}]}, model_name="wine")
        with pytest.raises(httpx.HTTPStatusError, match="nowhere.*404"):
            await client.infer(URL, {"instances": [[1]]}, model_name="nowhere")
        with pytest.raises(httpx.HTTPStatusError, match="explain"):
            await client.explain(URL, "wine", {"instances": [[1]]})


class TestV2:
    @with_rest("v2")
    async def test_health(self, client):
        assert await client.is_server_live(URL)
        assert await client.is_server_ready(URL)
        assert await client.is_model_ready(URL, "housing")
        assert not await client.is_model_ready(URL, "nowhere")

    @pytest.mark.parametrize("binary", [True, False], ids=["binary", "json"])
    @pytest.mark.parametrize("datatype", DTYPES)
    def test_datatype(self, datatype, binary):
        if datatype == "FP16" and not binary:
            pytest.skip("kserve has no JSON form for FP16")

        async def go():
            array = golden_tensors(IDENTITIES[datatype], "inputs")["x"]
            tensor = InferInput("x", list(array.shape), datatype)
            tensor.set_data_from_numpy(array, binary_data=binary)
            outputs = [RequestedOutput("y", parameters={"binary_data": binary})]
            request = InferRequest(IDENTITIES[datatype], [tensor], request_id="7", request_outputs=outputs)
            async with InferenceRESTClient(RESTConfig(protocol="v2", retries=0)) as client:
                response = await client.infer(URL, request, model_name=IDENTITIES[datatype])
            assert response.id == "7"
            return response.outputs[0].as_numpy(), array

        actual, array = asyncio.run(go())
        if datatype == "BYTES":
            texts = [one if isinstance(one, str) else one.decode() for one in actual.flatten()]
            assert texts == [one.decode() for one in array.flatten()]
        else:
            assert same(actual, array)

    @with_rest("v2")
    async def test_several_inputs_and_outputs(self, client):
        tensors = []
        for name, array in golden_tensors("several", "inputs").items():
            tensor = InferInput(name, list(array.shape), "FP32" if name == "sides" else "INT64")
            tensor.set_data_from_numpy(array, binary_data=name == "sides")
            tensors.append(tensor)
        response = await client.infer(URL, InferRequest("several", tensors), model_name="several")
        outputs = {output.name: output.as_numpy() for output in response.outputs}
        for name, expected in golden_tensors("several", "outputs").items():
            assert same(outputs[name].reshape(expected.shape), expected)

    @with_rest("v2")
    async def test_the_text_of_an_error_arrives(self, client):
        tensor = InferInput("x", [1, 3], "FP32", data=[1.0, 2.0, 3.0])
        with pytest.raises(httpx.HTTPStatusError, match="x.*4(00|22)"):
            await client.infer(URL, InferRequest("identity-fp32", [tensor]), model_name="identity-fp32")


class TestGrpc:
    def run(self, call):
        async def go():
            async with InferenceGRPCClient(GRPC, retries=0, channel_args=[("grpc.enable_retries", 0)]) as client:
                return await call(client)

        return asyncio.run(go())

    def test_health(self):
        assert self.run(lambda client: client.is_server_live())
        assert self.run(lambda client: client.is_server_ready())
        assert self.run(lambda client: client.is_model_ready("housing"))
        assert not self.run(lambda client: client.is_model_ready("nowhere"))

    @pytest.mark.parametrize("binary", [True, False], ids=["raw", "typed"])
    @pytest.mark.parametrize("datatype", DTYPES)
    def test_datatype(self, datatype, binary):
        if datatype == "FP16" and not binary:
            pytest.skip("the protocol has no typed field for FP16")
        array = golden_tensors(IDENTITIES[datatype], "inputs")["x"]
        tensor = InferInput("x", list(array.shape), datatype)
        tensor.set_data_from_numpy(array, binary_data=binary)
        response = self.run(lambda client: client.infer(InferRequest(IDENTITIES[datatype], [tensor])))
        assert same(response.outputs[0].as_numpy(), array)

    def test_errors(self):
        import grpc

        tensor = InferInput("x", [1, 3], "FP32", data=[1.0, 2.0, 3.0])
        with pytest.raises(grpc.RpcError, match="INVALID_ARGUMENT"):
            self.run(lambda client: client.infer(InferRequest("identity-fp32", [tensor])))


def check_fields(value, kind, path):
    """Every field of a manifest exists in its model, down to the models of Kubernetes itself, and is of its type."""
    if generic := re.fullmatch(r"[Ll]ist\[(.+)\]|(?:dict\(|Dict\[)str, (.+)[)\]]", kind):
        of_list, of_dict = generic.groups()
        assert isinstance(value, list if of_list else dict), f"{path} is not a {kind}"
        for key, item in enumerate(value) if of_list else value.items():
            check_fields(item, of_list or of_dict, f"{path}[{key}]")
        return
    if primitive := PRIMITIVES.get(kind):
        assert isinstance(value, primitive), f"{path} is {value!r}, not a {kind}"
        return
    model = getattr(kserve, kind, None) or getattr(kserve.models, kind, None) or getattr(kubernetes.client, kind)
    assert isinstance(value, dict), f"{path} is not a {kind}"
    fields = {name: model.openapi_types[attribute] for attribute, name in model.attribute_map.items()}
    for name, item in value.items():
        assert name in fields, f"{path}.{name} is no field of {kind}"
        check_fields(item, fields[name], f"{path}.{name}")
    # A model refuses to be made without its required fields.
    attributes = {attribute: value.get(name) for attribute, name in model.attribute_map.items()}
    model(**attributes)


class TestManifests:
    """helm/kserve, field by field against the models that KServe's Python client makes of its CRDs."""

    @pytest.mark.parametrize(
        ("file", "kind"),
        [("servingruntime.yaml", "V1alpha1ServingRuntime"), ("inferenceservice.yaml", "V1beta1InferenceService")],
    )
    def test_every_field_is_known(self, file, kind):
        document = yaml.safe_load((ROOT / "helm/kserve" / file).read_text())
        assert kind.lower().endswith(document["kind"].lower())
        check_fields(document, kind, document["kind"])

    def test_an_unknown_field_is_found(self):
        document = yaml.safe_load((ROOT / "helm/kserve/inferenceservice.yaml").read_text())
        document["spec"]["predictor"]["model"]["runtimes"] = "nestor"
        with pytest.raises(AssertionError, match="runtimes"):
            check_fields(document, "V1beta1InferenceService", "")

    def test_the_service_uses_the_runtime(self):
        runtime = yaml.safe_load((ROOT / "helm/kserve/servingruntime.yaml").read_text())
        service = yaml.safe_load((ROOT / "helm/kserve/inferenceservice.yaml").read_text())
        model = service["spec"]["predictor"]["model"]
        assert model["runtime"] == runtime["metadata"]["name"]
        assert model["modelFormat"]["name"] in [one["name"] for one in runtime["spec"]["supportedModelFormats"]]
        assert model["protocolVersion"] in runtime["spec"]["protocolVersions"]
