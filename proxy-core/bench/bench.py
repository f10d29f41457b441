"""The comparison itself: starts everything, checks it, warms it up, and measures in interleaved rounds."""

import math
import os
import shutil
import subprocess
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import certificate
import exchange
import machine
import origin
import peers as peers_module
import tools
from failure import Failure
from load import Figures, Load
from peers import Peer, Site
from process import Process
from procfs import Cpu, resident_kib, steal
from scenarios import Scenario

# Share of a CPU that others may take before a run counts as disturbed.
MAX_DISTURBANCE = 0.06
# Half of the reference's maximum: a load at which every peer has time to spare.
HALF = 0.5
# So many times its length a warm-up may take, when others use the CPU.
_WARM_UP_PATIENCE = 4
# Seconds of load at a time.
_WARM_UP_SLICE = 15


@dataclass(frozen=True)
class Plan:
    """What the user asked for. Durations in whole seconds, since wrk knows no other."""

    peers: list[Peer]
    scenarios: list[Scenario]
    rounds: int
    half_rounds: int
    seconds: int
    later_warmup_seconds: int  # of each scenario but the first, for peers that compile as they run
    repeat_disturbed: bool  # once
    cpus: machine.Cpus

    def warmup_seconds(self, peer: Peer, first: bool) -> int:
        return peer.warmup_seconds if first else min(peer.warmup_seconds, self.later_warmup_seconds)

    def peers_of(self, scenario: Scenario) -> list[Peer]:
        return [peer for peer in self.peers if scenario.protocol in peer.protocols]

    def encrypted(self) -> bool:
        return any(scenario.protocol == "https" for scenario in self.scenarios)

    def estimate_seconds(self) -> int:
        """How long it takes when nothing goes wrong."""
        total = 5 * len(self.peers)
        for i, scenario in enumerate(self.scenarios):
            half = self.half_rounds if scenario.half_load else 0
            for peer in self.peers_of(scenario):
                total += self.warmup_seconds(peer, i == 0) + (self.rounds + half) * (self.seconds + 1)
                total += self.warmup_seconds(peer, False) if half else 0
        return total


@dataclass
class Running:
    """A peer that serves."""

    peer: Peer
    process: Process
    site: Site
    fresh_kib: int = 0

    def port(self, scenario: Scenario) -> int:
        site = self.site
        return {"http": site.http_port, "https": site.https_port, "tcp": site.tcp_port}[scenario.protocol]


class Bench:
    """One comparison. A context manager: at its end no process and no file is left."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.runs: list[dict] = []
        self.peers: list[Running] = []
        self._stack = ExitStack()

    def __enter__(self) -> "Bench":
        with self._stack:  # whatever fails here is undone
            self._start()
            self._stack = self._stack.pop_all()
        return self

    def __exit__(self, *unused: object) -> None:
        self._stack.close()

    def _start(self) -> None:
        cpus = self.plan.cpus
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {cpus.load})  # this program must not disturb the proxy either
        self._stack.callback(os.sched_setaffinity, 0, before)
        directory = Path(tempfile.mkdtemp(prefix="scrimp-bench-"))
        self._stack.callback(shutil.rmtree, directory, ignore_errors=True)
        self.load = Load(cpus.load, directory)
        if self.plan.half_rounds and any(scenario.half_load for scenario in self.plan.scenarios):
            self.load.prepare_fixed_rate()
        ports = machine.Ports()
        endpoints = (ports.free(), ports.free())
        (directory / "origin").mkdir()
        self.origin = origin.start(directory / "origin", endpoints, cpus.load)
        self._stack.callback(self.origin.stop)
        shown = certificate.make(directory) if self.plan.encrypted() else None
        for peer in self.plan.peers:
            home = directory / peer.name
            home.mkdir()
            addresses = tuple(f"127.0.0.1:{port}" for port in endpoints)
            site = Site(home, ports.free(), ports.free(), ports.free(), shown, addresses)
            self.peers.append(self._start_peer(peer, site))

    def _start_peer(self, peer: Peer, site: Site) -> Running:
        command, additions = peer.command(site)
        environment = peers_module.environment(additions)
        process = Process(command, self.plan.cpus.proxy, site.directory / "log", environment)
        self._stack.callback(process.stop)
        exchange.await_answer(peer.name, process, site.http_port)
        return Running(peer, process, site, resident_kib(process.pid))

    def of(self, scenario: Scenario) -> list[Running]:
        return [running for running in self.peers if scenario.protocol in running.peer.protocols]

    def measure_all(self, say) -> None:
        for i, scenario in enumerate(self.plan.scenarios):
            say(f"\n{scenario.title}")
            self._measure(scenario, i == 0, say)

    def _measure(self, scenario: Scenario, first: bool, say) -> None:
        running = self.of(scenario)
        for each in running:
            body, encrypted = origin.BODIES[scenario.path], scenario.protocol == "https"
            exchange.check(each.peer.name, each.port(scenario), scenario.path, body, encrypted)
            self.warm_up(scenario, each, first)
        for round_ in range(1, self.plan.rounds + 1):
            for each in _in_turn(running, round_):
                self._run(scenario, each, round_, None, say)
        if scenario.half_load and self.plan.half_rounds:
            self._measure_at_half(scenario, running, say)

    def warm_up(self, scenario: Scenario, running: Running, first: bool) -> None:
        """Load until the peer is what it will be in an hour: compiled, its pools full."""
        seconds = self.plan.warmup_seconds(running.peer, first)
        deadline = time.monotonic() + _WARM_UP_PATIENCE * seconds
        start = sum(Cpu().session(running.process.pid))
        # Its own CPU time counts, not the time that passes: on a busy machine a compiler gets little of it.
        while (left := seconds + start - sum(Cpu().session(running.process.pid))) > 0 and time.monotonic() < deadline:
            self.load.saturate(scenario, running.port(scenario), min(math.ceil(left), _WARM_UP_SLICE))

    def _measure_at_half(self, scenario: Scenario, running: list[Running], say) -> None:
        reference = next((each for each in running if each.peer.name == "nginx"), running[0])
        for round_ in range(0, self.plan.half_rounds + 1):
            # A virtual CPU may be twice as fast as a minute ago: half of what the reference does just now.
            figures, _ = self.load.saturate(scenario, reference.port(scenario), 1)
            rate = HALF * figures.requests / figures.seconds
            for each in _in_turn(running, round_):
                if round_ == 0:
                    # Few events at a time are another path than many: that has to be compiled too.
                    seconds = self.plan.warmup_seconds(each.peer, False)
                    self.load.fixed_rate(scenario, each.port(scenario), seconds, None, rate, 0)
                else:
                    self._run(scenario, each, round_, rate, say)

    def _run(self, scenario: Scenario, running: Running, round_: int, rate: float | None, say) -> None:
        run = self._attempt(scenario, running, rate, round_)
        if (run["disturbed"] and self.plan.repeat_disturbed) or not run["requests"]:
            # The calmer of the two counts, unless it is calm because nothing was answered.
            again = self._attempt(scenario, running, rate, round_)
            run = min((run, again), key=lambda each: (not each["requests"], _disturbance(each)))
        if not run["requests"]:
            raise Failure(f"{running.peer.name} answered nothing in {scenario.title}: {running.process.last_words()}")
        run.update(scenario=scenario.name, peer=running.peer.name, round=round_, rate=rate)
        self.runs.append(run)
        say(
            f"  {running.peer.name:10} {f'at {rate:,.0f}/s' if rate else f'round {round_}':14}"
            f"{run['rps']:9,.0f} req/s {run['cpu_us']:9.2f} us CPU/req  p99 {run['p99'] / 1000:7.2f} ms"
            + (f"  {run['errors']} errors" if run["errors"] else "")
            + (f"  disturbed: {_disturbance(run):.0%}" if run["disturbed"] else "")
        )

    def _attempt(self, scenario: Scenario, running: Running, rate: float | None, seed: int) -> dict:
        port, seconds, proxy, cpus = running.port(scenario), self.plan.seconds, running.process, self.plan.cpus
        start, stolen, before = time.monotonic(), steal(cpus.both), Cpu()
        resident: list[int] = []
        midway = lambda: resident.append(resident_kib(proxy.pid))  # noqa: E731
        if rate:
            figures, load_session = self.load.fixed_rate(scenario, port, seconds, midway, rate, seed)
        else:
            figures, load_session = self.load.saturate(scenario, port, seconds, midway)
        after, elapsed = Cpu(), time.monotonic() - start
        if proxy.ended():
            raise Failure(f"{running.peer.name} ended under load: {proxy.last_words()}")
        ours = {proxy.pid, self.origin.pid, load_session}
        run = _figures(figures, before, after, proxy.pid, elapsed)
        softirq_seconds = after.ksoftirqd(cpus.proxy) - before.ksoftirqd(cpus.proxy)
        run["ksoftirqd_us"] = softirq_seconds / max(figures.requests, 1) * 1e6
        run["others"] = before.others(after, cpus.both, ours) / elapsed
        run["stolen"] = (steal(cpus.both) - stolen) / elapsed
        run["disturbed"] = _disturbance(run) > MAX_DISTURBANCE
        run["resident_kib"] = resident[0]
        return run

    def document(self) -> dict:
        """All that was seen, for a file."""
        return {
            "machine": machine.facts(),
            "versions": {running.peer.name: _version(running.peer) for running in self.peers},
            "options": {
                "seconds": self.plan.seconds,
                "warm-up": {peer.name: peer.warmup_seconds for peer in self.plan.peers},
                "CPU of the proxy": self.plan.cpus.proxy,
                "CPU of load and origin": self.plan.cpus.load,
            },
            "fresh_kib": {running.peer.name: running.fresh_kib for running in self.peers},
            "runs": self.runs,
        }


def _in_turn(running: list[Running], round_: int) -> list[Running]:
    """A B C, then C B A: what drifts with time drifts for all."""
    return running if round_ % 2 else running[::-1]


def _disturbance(run: dict) -> float:
    return run["others"] + run["stolen"]


def _figures(figures: Figures, before: Cpu, after: Cpu, pid: int, elapsed: float) -> dict:
    user, system = (later - earlier for later, earlier in zip(after.session(pid), before.session(pid), strict=True))
    requests = max(figures.requests, 1)
    return {
        "rps": figures.requests / figures.seconds,
        "mbps": figures.bytes / figures.seconds / 1e6,
        "requests": figures.requests,
        "errors": figures.errors,
        "cpu_us": (user + system) / requests * 1e6,
        "user_us": user / requests * 1e6,
        "system_us": system / requests * 1e6,
        "busy": (user + system) / elapsed,
        "p50": figures.p50,
        "p99": figures.p99,
        "p999": figures.p999,
    }


def _version(peer: Peer) -> str:
    result = subprocess.run(peer.version(), capture_output=True, text=True, timeout=30)
    lines = (result.stdout + result.stderr).strip().splitlines()
    return lines[0] if lines else "unknown"


def refuse_missing(plan: Plan) -> None:
    """All that is missing is told before anything starts."""
    tools.path_of("wrk")
    tools.path_of("nginx")
    if plan.half_rounds and any(scenario.half_load for scenario in plan.scenarios):
        tools.path_of("cc")
    if plan.encrypted():
        tools.path_of("openssl")
    if any(scenario.streams for scenario in plan.scenarios):
        tools.path_of("h2load")
    for peer in plan.peers:
        if peer.name in tools.PACKAGES:
            tools.path_of(peer.name)
        if peer.name == "nginx":
            tools.nginx_stream_module()


def time_limit_seconds(plan: Plan) -> int:
    """After which it ends itself: every run repeated, and as much again."""
    return math.ceil(plan.estimate_seconds() * 2.5) + 60
