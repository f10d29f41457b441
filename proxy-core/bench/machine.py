"""The machine: which CPU does what, which ports are free, and what it is."""

import os
import random
import socket
from dataclasses import dataclass

from failure import Failure
from procfs import first_line


@dataclass(frozen=True)
class Cpus:
    """The proxy under test has one CPU to itself; load and origin share another."""

    proxy: int
    load: int

    @property
    def both(self) -> set[int]:
        return {self.proxy, self.load}


def choose_cpus(proxy: int | None, load: int | None) -> Cpus:
    """The first two CPUs that we may use but for what the user chose; the same twice when there is only one."""
    usable = sorted(os.sched_getaffinity(0))
    load = usable[0] if load is None else load
    proxy = next((cpu for cpu in usable if cpu != load), load) if proxy is None else proxy
    if not {proxy, load} <= set(usable):
        raise Failure(f"--proxy-cpu and --load-cpu have to be of {usable}")
    return Cpus(proxy, load)


class Ports:
    """Ports that are free on all addresses, below those that the kernel gives to outgoing connections."""

    def __init__(self) -> None:
        low = int(first_line("/proc/sys/net/ipv4/ip_local_port_range").split()[0])
        # Where nothing is below, any port has to do: a clash fails the start and is seen.
        self._range = (10_000, low - 1) if low > 11_000 else (10_000, 60_000)
        self._given: set[int] = set()

    def free(self) -> int:
        for _ in range(1000):
            port = random.randint(*self._range)
            with socket.socket() as probe:
                try:
                    probe.bind(("0.0.0.0", port))
                except OSError:
                    continue
            if port not in self._given:
                self._given.add(port)
                return port
        raise Failure("no free port found")


def facts() -> dict[str, str]:
    """What a reader has to know of the machine."""
    model = first_line("/proc/cpuinfo", "model name").partition(":")[2].strip()
    return {
        "cpu": f"{os.cpu_count()} × {model or os.uname().machine}",
        "kernel": f"{os.uname().sysname} {os.uname().release}",
        "congestion control": first_line("/proc/sys/net/ipv4/tcp_congestion_control"),
    }
