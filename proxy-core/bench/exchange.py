"""One plain request, to see whether somebody is there and answers rightly."""

import http.client
import ssl
import time

from failure import Failure
from process import Process
from scenarios import HOST

_START_SECONDS = 30


def get(port: int, path: str, encrypted: bool = False) -> tuple[int, bytes, str]:
    """Status, body, and which of the origin's endpoints answered."""
    if encrypted:
        # Everybody shows a certificate that was made a moment ago; what is tried is the answer.
        trusting = ssl._create_unverified_context()
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=5, context=trusting)
    else:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": HOST, "Connection": "close"})
        response = connection.getresponse()
        return response.status, response.read(), response.getheader("X-Endpoint", "")
    finally:
        connection.close()


def await_answer(name: str, process: Process, port: int) -> None:
    """Waits for the first 200."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.ended():
            raise Failure(f"{name} ended at once: {process.last_words()}")
        try:
            if get(port, "/small")[0] == 200:
                return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.02)
    raise Failure(f"{name} did not answer 200 on port {port} within {_START_SECONDS} s: {process.last_words()}")


def check(name: str, port: int, path: str, expected: bytes, encrypted: bool) -> None:
    """What is fast but wrong is not compared: bodies have to be the origin's, and both endpoints have to be used."""
    endpoints = set()
    for _ in range(8):
        status, body, endpoint = get(port, path, encrypted)
        if status != 200 or body != expected:
            seen = f"{status} and {len(body)} bytes"
            raise Failure(f"{name} answers {path} with {seen}, not with the origin's {len(expected)}")
        endpoints.add(endpoint)
    if len(endpoints) < 2:
        raise Failure(f"{name} used only the endpoint {endpoints}, not both")
