"""The tables, as Markdown."""

from peers import OTHERS
from scenarios import GOALS, Scenario
from summary import Summary

_TITLES = {"nginx": "nginx", "haproxy": "HAProxy", "caddy": "Caddy", "scrimp": "Scrimp LB"}


def report(documents: list[dict]) -> str:
    summary = Summary(documents)
    parts = [_circumstances(documents, summary)]
    parts += [_ratios(summary, peer) for peer in summary.peers if peer not in OTHERS]
    parts += [_scenario(summary, scenario) for scenario in summary.scenarios]
    return "\n\n".join(part for part in parts if part) + "\n"


def _title(peer: str) -> str:
    return _TITLES.get(peer, peer)


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _circumstances(documents: list[dict], summary: Summary) -> str:
    facts = documents[0]["machine"]
    lines = [", ".join(f"{value}" if key == "cpu" else f"{key} {value}" for key, value in facts.items()) + "."]
    lines += ["; ".join(f"{_title(peer)}: {version}" for peer, version in documents[0]["versions"].items()) + "."]
    options = documents[0]["options"]
    warm_up = ", ".join(f"{_title(peer)} {seconds} s" for peer, seconds in options["warm-up"].items())
    lines.append(f"CPU time under load before the first scenario: {warm_up}.")
    lines.append(f"Each measured run: {options['seconds']} s.")
    if options["CPU of the proxy"] == options["CPU of load and origin"]:
        lines.append("Proxy, load and origin shared one CPU: only CPU a request says something.")
    disturbed, runs = summary.disturbed()
    if disturbed:
        lines.append(f"Other processes or the hypervisor disturbed {disturbed} of {runs} runs.")
    if facts["congestion control"] not in ("cubic", "reno"):
        lines.append("This congestion control may pace loopback too: mind the spread of the 1 MB scenarios.")
    return "\n".join(lines)


def _ratios(summary: Summary, peer: str) -> str:
    """CPU a request and the rate against all others, and the goals."""
    others = [other for other in summary.peers if other != peer]
    rows = []
    for scenario in summary.scenarios:
        row = [scenario.title]
        for figure in ("cpu_us", "rps"):
            for other in others:
                ratio = summary.ratio(scenario, peer, other, figure)
                row.append(ratio.words() if ratio else "–")
        for other in others:
            both = summary.kept_up(scenario, peer) and summary.kept_up(scenario, other)
            ratio = summary.ratio(scenario, peer, other, "p99", half=True) if both else None
            row.append(ratio.words() if ratio else "–")
        rows.append(row)
    columns = [f"{_title(peer)} as a multiple of"]
    figures = ("CPU a request", "req/s", "p99 at half load")
    columns += [f"{figure}, {_title(other)}" for figure in figures for other in others]
    # A column that has nothing to say, such as that of half load in a quick run, is left out.
    kept = [i for i in range(len(columns)) if any(row[i] != "–" for row in rows)]
    table = _table([columns[i] for i in kept], [[row[i] for i in kept] for row in rows])
    goals = _goals(summary, peer)
    head = f"## {_title(peer)}: median of the rounds' ratios [least–most]"
    return "\n\n".join(part for part in (head, table, goals) if part)


def _goals(summary: Summary, peer: str) -> str:
    rows = []
    for goal in GOALS:
        ratio = summary.goal(goal, peer)
        if ratio:
            rows.append([goal.words(), ratio.words(), "met" if ratio.median <= goal.most else "missed"])
    return _table(["Goal", "Seen", ""], rows) if rows else ""


def _scenario(summary: Summary, scenario: Scenario) -> str:
    rate = "MB/s" if scenario.bulk else "req/s"
    head = ["", rate, "CPU µs/req", "user + system", "p50 / p99 / p99.9 ms", "CPU busy", "resident MB"]
    half = any(summary.runs(scenario, peer, True) for peer in summary.peers)
    head += ["p50 / p99 / p99.9 ms at half load"] if half else []
    head += ["errors"]
    rows = [_row(summary, scenario, peer, half) for peer in summary.peers if summary.runs(scenario, peer)]
    return f"### {scenario.title} (`{scenario.name}`)\n\n{_table(head, rows)}"


def _row(summary: Summary, scenario: Scenario, peer: str, half: bool) -> list[str]:
    def median(figure: str) -> float:
        return summary.median(scenario, peer, figure) or 0

    def latencies(at_half: bool) -> str:
        if at_half and not summary.kept_up(scenario, peer):
            return "more than it can do"
        values = [summary.median(scenario, peer, figure, at_half) for figure in ("p50", "p99", "p999")]
        return " / ".join("–" if value is None else f"{value / 1000:.2f}" for value in values)

    row = [_title(peer), f"{median('mbps' if scenario.bulk else 'rps'):,.0f}", f"{median('cpu_us'):.1f}"]
    row += [f"{median('user_us'):.1f} + {median('system_us'):.1f}", latencies(False), f"{median('busy'):.0%}"]
    row += [f"{median('resident_kib') / 1024:.0f}"]
    row += [latencies(True)] if half else []
    return [*row, str(summary.errors(scenario, peer))]
