"""The two load generators: wrk, as fast as it goes, and our own with a fixed rate."""

import json
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
        command = [self._wrk, "--threads", "1", "--connections", str(scenario.connections)]
        command += ["--duration", f"{seconds}s", "--timeout", "5s", "--script", str(_HERE / "wrk-report.lua")]
        command += ["--header", f"Host: {HOST}"] + (["--header", "Connection: close"] if scenario.close else [])
        return self._run([*command, f"http://127.0.0.1:{port}{scenario.path}"], seconds, midway)

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
