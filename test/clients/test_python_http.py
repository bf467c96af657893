"""Python's own HTTP clients, which send a body to its end before they read: a refusal must not cut them off."""

import http.client
import urllib.error
import urllib.request

import pytest
import requests
from conftest import HTTP

TYPE = {"Content-Type": "application/json"}
#: More than what lies between client and server while nobody reads.
LARGE = b" " * (24 << 20)
TOO_LARGE = b" " * (40 << 20)

REFUSALS = [
    pytest.param("/nowhere", {}, LARGE, 404, id="an unknown path"),
    pytest.param("/v2/nowhere", {}, LARGE, 404, id="a path that V2 does not know"),
    pytest.param("/predict", {}, TOO_LARGE, 413, id="too large a body"),
    pytest.param("/v2/models/housing/infer", {}, TOO_LARGE, 413, id="too large a body of V2"),
    pytest.param("/predict", {"Content-Encoding": "br"}, LARGE, 415, id="an encoding that is not understood"),
    pytest.param("/admin/models/housing/load", {}, LARGE, 401, id="a missing key"),
]


@pytest.mark.parametrize(("path", "headers", "body", "status"), REFUSALS)
class TestRefusals:
    def test_http_client_and_its_next_request(self, path, headers, body, status):
        connection = http.client.HTTPConnection(HTTP, timeout=60)
        connection.request("POST", path, body, {**TYPE, **headers})
        sock = connection.sock
        response = connection.getresponse()
        assert response.status == status
        assert response.read()
        connection.request("GET", "/livez")
        assert connection.getresponse().status == 200
        assert connection.sock is sock
        connection.close()

    def test_urllib_which_closes(self, path, headers, body, status):
        request = urllib.request.Request(f"http://{HTTP}{path}", body, {**TYPE, **headers})
        with pytest.raises(urllib.error.HTTPError) as refusal:
            urllib.request.urlopen(request, timeout=60)
        assert refusal.value.code == status
        assert refusal.value.read()

    def test_requests_with_a_length_and_without(self, path, headers, body, status):
        chunks = (body[at : at + (1 << 20)] for at in range(0, len(body), 1 << 20))
        for data in (body, chunks):
            response = requests.post(f"http://{HTTP}{path}", data, headers={**TYPE, **headers}, timeout=60)
            assert response.status_code == status
            assert response.content
