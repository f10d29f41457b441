"""Child processes that end with us, whatever happens."""

import ctypes
import os
import resource
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from failure import Failure

_OPEN_FILES = 65_536
_TELL_ME_OF_PARENTS_DEATH = 1  # PR_SET_PDEATHSIG
_libc = ctypes.CDLL(None, use_errno=True)


def _prepare(cpu: int):
    """In the child, before the program: one CPU, as many files as allowed, and no life without us."""

    def prepare() -> None:
        _libc.prctl(_TELL_ME_OF_PARENTS_DEATH, signal.SIGTERM)
        os.sched_setaffinity(0, {cpu})
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        files = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, _OPEN_FILES)
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))

    return prepare


class Process:
    """A server in a session of its own, which is how it is counted and how it is ended."""

    def __init__(self, command: list[str], cpu: int, log: Path, environment: dict[str, str] | None = None) -> None:
        self.log = log
        with open(log, "ab") as output:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=environment,
                start_new_session=True,
                preexec_fn=_prepare(cpu),
            )
        self.pid = self._process.pid

    def ended(self) -> bool:
        return self._process.poll() is not None

    def last_words(self) -> str:
        lines = self.log.read_text("utf-8", "replace").strip().splitlines()
        return " / ".join(lines[-3:]) or "it said nothing"

    def stop(self) -> None:
        for signal_, seconds in ((signal.SIGTERM, 3), (signal.SIGKILL, 5)):
            try:
                # The group is our own session's; what outlived its leader is in it too.
                os.killpg(self.pid, signal_)
            except ProcessLookupError:
                break
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                continue
        self._process.poll()


def run(
    command: list[str], cpu: int, seconds: float, midway: Callable[[], None] | None = None, midway_seconds: float = 0
) -> tuple[str, int]:
    """Runs a program to its end, which has to come within the time; its output and its session.

    :param midway: what is called once while it runs, so many seconds after its start
    """
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=_prepare(cpu),
    )
    try:
        if midway:
            try:
                process.communicate(timeout=midway_seconds)
            except subprocess.TimeoutExpired:
                midway()
        return process.communicate(timeout=seconds)[0], process.pid
    except subprocess.TimeoutExpired:
        raise Failure(f"{Path(command[0]).name} did not end within {seconds:.0f} s") from None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
