"""System calls a request of the thread that forwards, as strace counts them under a bounded load. Its times are of no
use, since it slows down all."""

import re
import signal
import subprocess
import time
from pathlib import Path

import tools
from bench import Bench, Plan, Running
from failure import Failure
from procfs import busiest_thread
from scenarios import Scenario

# What is rarer than once in so many requests belongs to the connections, not to the requests.
_RARE = 100
_ATTACH_SECONDS = 10


def count(plan: Plan, say) -> None:
    strace = tools.path_of("strace")
    with Bench(plan) as bench:
        for i, scenario in enumerate(plan.scenarios):
            for running in bench.of(scenario):
                # Compiled code makes the same calls as interpreted, but batches of events are others when it is slow.
                bench.warm_up(scenario, running, i == 0)
                requests, calls = _trace(strace, bench, running, scenario, plan.seconds)
                if not requests:
                    raise Failure(f"{running.peer.name} answered nothing under strace; give it more time by --duration")
                each = sum(calls.values()) / requests
                say(f"\n{running.peer.name}, {scenario.title}: {each:.2f} a request of {requests:,}")
                for name, times in sorted(calls.items(), key=lambda call: -call[1]):
                    if times * _RARE > requests:
                        say(f"  {name:16}{times / requests:8.2f}")


def _trace(strace: str, bench: Bench, running: Running, scenario: Scenario, seconds: int) -> tuple[int, dict[str, int]]:
    directory: Path = running.site.directory
    counts, messages = directory / "strace-counts", directory / "strace-messages"
    with open(messages, "wb") as output:
        # One thread only: every proxy here forwards in one, and strace would slow down a JVM's compiler for nothing.
        command = [strace, "-c", "-o", str(counts), "-p", str(busiest_thread(running.process.pid))]
        tracer = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        _await_attached(tracer, messages)
        figures, _ = bench.load.saturate(scenario, running.port(scenario), seconds)
    finally:
        if tracer.poll() is None:
            tracer.send_signal(signal.SIGINT)
        tracer.wait(_ATTACH_SECONDS)
    return figures.requests, _parse(counts.read_text())


def _await_attached(tracer: subprocess.Popen, messages: Path) -> None:
    deadline = time.monotonic() + _ATTACH_SECONDS
    while time.monotonic() < deadline:
        said = messages.read_text("utf-8", "replace")
        if tracer.poll() is not None:
            raise Failure(f"strace may not attach (run as root, or set kernel.yama.ptrace_scope=0): {said.strip()}")
        if "attached" in said:
            return
        time.sleep(0.05)
    raise Failure(f"strace did not attach within {_ATTACH_SECONDS} s")


def _parse(table: str) -> dict[str, int]:
    """Lines of: % time, seconds, usecs/call, calls, perhaps errors, name."""
    calls = {}
    for line in table.splitlines():
        match = re.match(r"\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?(\w+)$", line)
        if match and match[2] != "total":
            calls[match[2]] = int(match[1])
    return calls
