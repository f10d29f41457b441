"""What is measured: one request after another, each kind of load by its name."""

from dataclasses import dataclass

# The name by which the load asks for the application; every peer routes by it and knows no other.
HOST = "bench.example.com"


@dataclass(frozen=True)
class Scenario:
    """One kind of load."""

    name: str
    title: str
    protocol: str  # "http", "https": the peer reads requests; "tcp": it only passes bytes
    path: str  # what the origin is asked for
    connections: int  # clients at a time
    close: bool = False  # a new connection for each request
    bulk: bool = False  # throughput counts, not the number of requests
    half_load: bool = False  # latency is measured at half of nginx's maximum too
    streams: int = 0  # requests at a time on each connection, by HTTP/2; 0 for HTTP/1.1


ALL = [
    Scenario("small", "HTTP keep-alive, 128 B", "http", "/small", 64, half_load=True),
    Scenario("10k", "HTTP keep-alive, 10 KB", "http", "/10k", 64),
    Scenario("1m", "HTTP keep-alive, 1 MB", "http", "/1m", 16, bulk=True),
    Scenario("close", "HTTP, connection per request, 128 B", "http", "/small", 64, close=True),
    Scenario("1000", "HTTP, 1,000 keep-alive connections, 128 B", "http", "/small", 1000),
    Scenario("tcp-small", "TCP, 128 B request and response", "tcp", "/small", 64, half_load=True),
    Scenario("tcp-bulk", "TCP, 1 MB responses", "tcp", "/1m", 16, bulk=True),
    Scenario("tls", "HTTPS keep-alive, 128 B", "https", "/small", 64),
    Scenario("handshake", "HTTPS, full handshake per request, 128 B", "https", "/small", 32, close=True),
    Scenario("h2", "HTTP/2 by TLS, 8 connections of 16 streams, 128 B", "https", "/small", 8, streams=16),
    Scenario("h2-64", "HTTP/2 by TLS, 64 connections of one stream, 128 B", "https", "/small", 64, streams=1),
]

BY_NAME = {scenario.name: scenario for scenario in ALL}

# Enough for a quick look, and for the build: the two whose figures matter most.
QUICK = ["small", "tcp-small"]


@dataclass(frozen=True)
class Goal:
    """The most that our figure may be, as a multiple of a peer's."""

    scenario: str
    figure: str  # "cpu": CPU time a request; "half_p99": p99 at half load
    peer: str
    most: float

    def words(self) -> str:
        what = "p99 at half load" if self.figure == "half_p99" else "CPU a request"
        return f"{self.scenario}: {what} at most {self.most:.2f} of {self.peer}'s"


GOALS = [
    Goal("small", "cpu", "nginx", 0.90),
    Goal("small", "cpu", "haproxy", 0.80),
    Goal("small", "half_p99", "nginx", 1.20),
    Goal("close", "cpu", "nginx", 1.00),
    Goal("tcp-small", "cpu", "nginx", 1.05),
    Goal("tcp-bulk", "cpu", "nginx", 0.75),
    Goal("tls", "cpu", "nginx", 0.85),
    Goal("handshake", "cpu", "nginx", 0.90),
    Goal("h2", "cpu", "haproxy", 1.00),
]
