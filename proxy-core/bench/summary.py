"""From runs to figures: medians, and ratios of what was measured side by side."""

import statistics
from dataclasses import dataclass

from scenarios import ALL, BY_NAME, Goal, Scenario

# Of which the figures are shown, each as the median of its rounds.
_SATURATED = ("rps", "mbps", "cpu_us", "user_us", "system_us", "ksoftirqd_us", "busy", "p50", "p99", "p999")

# Arrivals are random, so not even a proxy with time to spare has exactly the rate.
_KEPT_UP = 0.95


@dataclass(frozen=True)
class Ratio:
    """A figure as a multiple of another peer's: the median of the rounds' ratios, the least and the most."""

    median: float
    least: float
    most: float

    def words(self) -> str:
        return f"{self.median:.2f} [{self.least:.2f}–{self.most:.2f}]"

    def document(self) -> dict[str, float]:
        return {"median": self.median, "least": self.least, "most": self.most}


class Summary:
    def __init__(self, documents: list[dict]) -> None:
        # A round of one file is none of another's.
        self._runs = [{**run, "round": (i, run["round"])} for i, each in enumerate(documents) for run in each["runs"]]
        seen = {run["scenario"] for run in self._runs}
        self.scenarios = [scenario for scenario in ALL if scenario.name in seen]
        self.peers = list(dict.fromkeys(run["peer"] for run in self._runs))

    def runs(self, scenario: Scenario, peer: str, half: bool = False) -> dict[tuple[int, int], dict]:
        """The rounds by their number: those that nobody disturbed, or all when there is no such."""
        mine = {
            run["round"]: run
            for run in self._runs
            if run["scenario"] == scenario.name and run["peer"] == peer and (run["rate"] is not None) == half
        }
        calm = {round_: run for round_, run in mine.items() if not run["disturbed"]}
        return calm or mine

    def median(self, scenario: Scenario, peer: str, figure: str, half: bool = False) -> float | None:
        values = [run[figure] for run in self.runs(scenario, peer, half).values()]
        return statistics.median(values) if values else None

    def ratio(self, scenario: Scenario, peer: str, other: str, figure: str, half: bool = False) -> Ratio | None:
        """Round by round, since what slows a round down slows both."""
        ours, theirs = self.runs(scenario, peer, half), self.runs(scenario, other, half)
        # When the calm rounds of the two do not meet, the medians have to do.
        pairs = [ours[i][figure] / theirs[i][figure] for i in ours if i in theirs and theirs[i][figure]]
        if not pairs and ours and theirs:
            theirs_median = self.median(scenario, other, figure, half)
            pairs = [run[figure] / theirs_median for run in ours.values() if theirs_median]
        return Ratio(statistics.median(pairs), min(pairs), max(pairs)) if pairs else None

    def kept_up(self, scenario: Scenario, peer: str) -> bool:
        """Whether it could do half of nginx's maximum at all; else latency there is that of a growing queue."""
        runs = self.runs(scenario, peer, half=True).values()
        return not runs or statistics.median(run["rps"] / run["rate"] for run in runs) > _KEPT_UP

    def errors(self, scenario: Scenario, peer: str) -> int:
        both = (*self.runs(scenario, peer).values(), *self.runs(scenario, peer, True).values())
        return sum(run["errors"] for run in both)

    def disturbed(self) -> tuple[int, int]:
        """How many runs were, of how many."""
        return sum(run["disturbed"] for run in self._runs), len(self._runs)

    def goal(self, goal: Goal, peer: str) -> Ratio | None:
        scenario = BY_NAME[goal.scenario]
        if goal.figure == "half_p99":
            return self.ratio(scenario, peer, goal.peer, "p99", half=True)
        return self.ratio(scenario, peer, goal.peer, "cpu_us")

    def document(self) -> dict:
        """The same for a program: by scenario and peer, and ratios by the other peer."""
        result: dict = {}
        for scenario in self.scenarios:
            for peer in self.peers:
                if self.runs(scenario, peer):
                    result.setdefault(scenario.name, {})[peer] = self._figures(scenario, peer)
        return result

    def _figures(self, scenario: Scenario, peer: str) -> dict:
        figures: dict = {figure: self.median(scenario, peer, figure) for figure in _SATURATED}
        # Noise and late compilations only add to it: what is least is what it can do.
        figures["cpu_us_least"] = min(run["cpu_us"] for run in self.runs(scenario, peer).values())
        figures["resident_kib"] = self.median(scenario, peer, "resident_kib")
        figures["errors"] = self.errors(scenario, peer)
        figures["half_p99"] = self.median(scenario, peer, "p99", half=True)
        for other in self.peers:
            for figure in ("cpu_us", "rps"):
                ratio = self.ratio(scenario, peer, other, figure) if other != peer else None
                if ratio:
                    figures.setdefault(f"{figure}_ratio", {})[other] = ratio.document()
        return figures
