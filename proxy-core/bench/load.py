"""The load generators: wrk for HTTP/1.1 and h2load for HTTP/2, as fast as it goes, and our own with a fixed rate."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import process
import tools
from failure import Failure
from scenarios import HOST, Scenario

_HERE = Path(__file__).parent
_GRACE_SECONDS = 15


@dataclass(frozen=True)
class Figures:
    """What a load generator saw. Latencies in microseconds."""

    requests: int
    seconds: float
    bytes: int
    errors: int
    p50: float
    p99: float
    p999: float


class Load:
    def __init__(self, cpu: int, directory: Path) -> None:
        self._cpu = cpu
        self._directory = directory
        self._wrk = tools.path_of("wrk")
        self._open_loop: Path | None = None

    def prepare_fixed_rate(self) -> None:
        """Compiles the generator with a fixed rate."""
        compiler = tools.path_of("cc")
        program = self._directory / "openloop"
        command = [compiler, "-O2", "-Wall", "-o", str(program), str(_HERE / "openloop.c"), "-lm"]
        output, _ = process.run(command, self._cpu, 60)
        if not program.exists():
            raise Failure(f"openloop.c does not compile: {output.strip()}")
        self._open_loop = program

    def saturate(
        self, scenario: Scenario, port: int, seconds: int, midway: Callable[[], None] | None = None
    ) -> tuple[Figures, int]:
        """As many requests as go: each connection sends its next one when the last is answered.

        :param midway: what is called once under load
        :return: the figures, and the session of the generator
        """
        if scenario.streams:
            return self._saturate_by_http2(scenario, port, seconds, midway)
        command = [self._wrk, "--threads", "1", "--connections", str(scenario.connections)]
        command += ["--duration", f"{seconds}s", "--timeout", "5s", "--script", str(_HERE / "wrk-report.lua")]
        command += ["--header", f"Host: {HOST}"] + (["--header", "Connection: close"] if scenario.close else [])
        scheme = "https" if scenario.protocol == "https" else "http"
        return self._run([*command, f"{scheme}://127.0.0.1:{port}{scenario.path}"], seconds, midway)

    def _saturate_by_http2(
        self, scenario: Scenario, port: int, seconds: int, midway: Callable[[], None] | None
    ) -> tuple[Figures, int]:
        log = self._directory / "h2load.log"
        log.unlink(missing_ok=True)
        command = [tools.path_of("h2load"), "--threads", "1", "--clients", str(scenario.connections)]
        command += ["--max-concurrent-streams", str(scenario.streams), "--duration", str(seconds)]
        command += ["--log-file", str(log), "--connect-to", f"127.0.0.1:{port}", "--header", f":authority: {HOST}"]
        command += [f"https://{HOST}:{port}{scenario.path}"]
        output, session = process.run(command, self._cpu, seconds + _GRACE_SECONDS, midway, seconds / 2)
        if not log.exists():
            raise Failure(f"h2load gave no figures: {output.strip()[-300:]}")
        return h2load_figures(log.read_text(), output, seconds), session

    def fixed_rate(
        self, scenario: Scenario, port: int, seconds: int, midway: Callable[[], None] | None, rate: float, seed: int
    ) -> tuple[Figures, int]:
        """Requests at random moments, on average so many a second; latency counts from the moment of intent."""
        command = [self._open_loop, port, HOST, scenario.path, f"{rate:.1f}", seconds, scenario.connections, seed]
        return self._run([str(word) for word in command], seconds, midway)

    def _run(self, command: list[str], seconds: int, midway: Callable[[], None] | None) -> tuple[Figures, int]:
        output, session = process.run(command, self._cpu, seconds + _GRACE_SECONDS, midway, seconds / 2)
        lines = [line for line in output.splitlines() if line.startswith("FIGURES ")]
        if not lines:
            raise Failure(f"{Path(command[0]).name} gave no figures: {output.strip()[-300:]}")
        return Figures(**json.loads(lines[0].removeprefix("FIGURES "))), session


def h2load_figures(log: str, output: str, seconds: int) -> Figures:
    """Of a line a request (begin, status, microseconds) and of what it said at the end."""
    lines = (line.split("\t") for line in log.splitlines())
    latencies = sorted(int(microseconds) for _, status, microseconds in lines if status == "200")
    # With those that got no answer, but not those that were under way at the end.
    failed = re.search(r"(\d+) failed", output)
    traffic = re.search(r"traffic: \S+ \((\d+)\) total", output)

    def percentile(share: float) -> float:
        return latencies[min(int(len(latencies) * share), len(latencies) - 1)] if latencies else 0

    received, errors = (int(found[1]) if found else 0 for found in (traffic, failed))
    return Figures(len(latencies), seconds, received, errors, percentile(0.5), percentile(0.99), percentile(0.999))
