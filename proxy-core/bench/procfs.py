"""CPU time and memory, as the kernel counts them. Everything here reads /proc."""

import os
import re

_TICKS = os.sysconf("SC_CLK_TCK")


def _fields(path: str) -> tuple[str, list[int]]:
    """Of a stat file the name and what follows it: [0] is field 3 of proc(5), the state, here 0 for it is a letter."""
    with open(path, encoding="latin-1") as file:
        stat = file.read()
    # The name stands in brackets and may hold blanks and brackets itself.
    words = stat[stat.rindex(")") + 2 :].split()
    return stat[stat.index("(") + 1 : stat.rindex(")")], [0, *(int(word) for word in words[1:])]


class Cpu:
    """CPU seconds of all processes, at one moment."""

    def __init__(self) -> None:
        # pid -> (session, name, CPU it last ran on, user seconds, system seconds)
        self.processes: dict[int, tuple[int, str, int, float, float]] = {}
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                try:
                    name, fields = _fields(f"/proc/{entry}/stat")
                except OSError:
                    continue  # it ended meanwhile
                session, user, system, processor = (fields[i] for i in (3, 11, 12, 36))
                self.processes[int(entry)] = (session, name, processor, user / _TICKS, system / _TICKS)

    def session(self, leader: int) -> tuple[float, float]:
        """User and system seconds of a process that leads a session, and of all in it."""
        mine = [p for p in self.processes.values() if p[0] == leader]
        return sum(p[3] for p in mine), sum(p[4] for p in mine)

    def ksoftirqd(self, cpu: int) -> float:
        """Seconds of the kernel's thread that takes over network work of a busy CPU."""
        return sum(p[3] + p[4] for p in self.processes.values() if p[1] == f"ksoftirqd/{cpu}")

    def others(self, later: "Cpu", cpus: set[int], sessions: set[int]) -> float:
        """Seconds until the later moment on these CPUs of processes outside these sessions, but for this one."""
        seconds = 0.0
        for pid, (session, name, processor, user, system) in later.processes.items():
            if session in sessions or pid == os.getpid() or processor not in cpus or name.startswith("ksoftirqd/"):
                continue
            before = self.processes.get(pid, (0, "", 0, 0.0, 0.0))
            seconds += user + system - before[3] - before[4]
        return seconds


def steal(cpus: set[int]) -> float:
    """Seconds that a hypervisor has kept from these CPUs since the start of the machine."""
    seconds = 0.0
    with open("/proc/stat", encoding="ascii") as file:
        for line in file:
            match = re.match(r"cpu(\d+) (.*)", line)
            if match and int(match[1]) in cpus:
                seconds += int(match[2].split()[7]) / _TICKS
    return seconds


def resident_kib(leader: int) -> int:
    """Resident memory of a session's processes; pages that two of them share count twice."""
    kib = 0
    for pid, process in Cpu().processes.items():
        if process[0] == leader:
            try:
                with open(f"/proc/{pid}/status", encoding="latin-1") as file:
                    kib += sum(int(line.split()[1]) for line in file if line.startswith("VmRSS:"))
            except OSError:
                pass  # it ended meanwhile
    return kib


def busiest_thread(leader: int) -> int:
    """The thread that has used the most CPU time of all processes of a session: the worker, the event loop."""
    most, found = -1, leader
    for pid, process in Cpu().processes.items():
        if process[0] == leader:
            for thread in os.listdir(f"/proc/{pid}/task"):
                ticks = sum(_fields(f"/proc/{pid}/task/{thread}/stat")[1][11:13])
                if ticks > most:
                    most, found = ticks, int(thread)
    return found


def first_line(path: str, start: str = "") -> str:
    """The first line with this start; empty when there is none."""
    try:
        with open(path, encoding="latin-1") as file:
            return next((line.strip() for line in file if line.startswith(start)), "")
    except OSError:
        return ""
