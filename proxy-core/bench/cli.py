"""The command line."""

import argparse
import json
import os
import signal
import sys
from pathlib import Path

import machine
import syscalls
import tools
from bench import Bench, Plan, refuse_missing, time_limit_seconds
from failure import Failure
from peers import JAVA_OPTIONS, OTHERS, Peer, Scrimp
from report import report
from scenarios import ALL, BY_NAME, QUICK, Scenario
from summary import Summary

_JAR = Path(__file__).resolve().parents[2] / "app" / "target" / "scrimp-proxy.jar"


def main(arguments: list[str]) -> int:
    for signal_ in (signal.SIGTERM, signal.SIGHUP, signal.SIGALRM, signal.SIGINT):
        signal.signal(signal_, _end)
    # The command for everything is the one without a word.
    commands = ("measure", "report", "syscalls")
    if not arguments or arguments[0] not in (*commands, "-h", "--help"):
        arguments = ["measure", *arguments]
    options = _parser().parse_args(arguments)
    try:
        options.command(options)
        return 0
    except Failure as failure:
        print(f"bench: {failure}", file=sys.stderr)
        return failure.exit_code


def _end(number: int, _frame: object) -> None:
    """Unwinds the stack, so that everything is stopped; a second signal must not disturb that."""
    for signal_ in (signal.SIGTERM, signal.SIGHUP, signal.SIGALRM, signal.SIGINT):
        signal.signal(signal_, signal.SIG_IGN)
    if number == signal.SIGALRM:
        raise Failure("took far longer than it should and was ended; is the machine busy?")
    sys.exit(128 + number)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run", description="Compares Scrimp LB with other proxies on this machine.")
    commands = parser.add_subparsers(required=True, metavar="{measure,report,syscalls}")

    measure = commands.add_parser("measure", help="measure and print the tables (the default)")
    measure.set_defaults(command=_measure)
    _add_common(measure, "default 2, quick 1", "default 60, quick 3", "default 10, quick 1")
    measure.add_argument("--rounds", type=_positive, help="measured runs of each peer (default 10, quick 3)")
    measure.add_argument("--half-rounds", type=int, help="the same at half load (default 5, quick 0)")
    measure.add_argument("--quick", action="store_true", help="half a minute: few scenarios, little warm-up")
    measure.add_argument("--out", default="results.json", help="file for all figures (default %(default)s)")

    again = commands.add_parser("report", help="print the tables of earlier measurements")
    again.set_defaults(command=_report)
    again.add_argument("files", nargs="+", help="results.json of one or several runs")

    trace = commands.add_parser("syscalls", help="count system calls a request")
    trace.set_defaults(command=_syscalls, quick=True, rounds=None, half_rounds=None)
    _add_common(trace, "default 5", "default 10", "default 5")
    trace.set_defaults(duration=5, warmup=10, later_warmup=5)
    return parser


def _add_common(parser: argparse.ArgumentParser, seconds: str, warm_up: str, later: str) -> None:
    parser.add_argument("--peers", default="nginx,haproxy,caddy", help="to compare with (default %(default)s)")
    parser.add_argument("--scenarios", help=f"of {','.join(BY_NAME)} (default all, quick {','.join(QUICK)})")
    parser.add_argument("--duration", type=_positive, help=f"seconds of a run ({seconds})")
    parser.add_argument("--warmup", type=int, help=f"CPU seconds of load before it ({warm_up})")
    parser.add_argument("--later-warmup", type=int, help=f"the same in each further scenario ({later})")
    parser.add_argument(
        "--jar", action="append", metavar="[NAME=]FILE", help="what is measured; several are compared (default: built)"
    )
    parser.add_argument("--java", help="the Java to run it with (default: JAVA_HOME, else the path)")
    parser.add_argument("--java-options", default=JAVA_OPTIONS, help="(default: %(default)s)")
    parser.add_argument("--proxy-cpu", type=int, help="CPU of the proxy under test (default: the second)")
    parser.add_argument("--load-cpu", type=int, help="CPU of load and origin (default: the first)")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("has to be 1 or more")
    return number


def _plan(options: argparse.Namespace) -> Plan:
    def either(chosen: int | None, usual: int, quick: int) -> int:
        return chosen if chosen is not None else quick if options.quick else usual

    return Plan(
        peers=[*_others(options.peers), *_ours(options, either(options.warmup, 60, 3))],
        scenarios=_scenarios(options.scenarios or (",".join(QUICK) if options.quick else None)),
        rounds=either(options.rounds, 10, 3),
        half_rounds=either(options.half_rounds, 5, 0),
        seconds=either(options.duration, 2, 1),
        later_warmup_seconds=either(options.later_warmup, 10, 1),
        repeat_disturbed=not options.quick,
        cpus=machine.choose_cpus(options.proxy_cpu, options.load_cpu),
    )


def _others(names: str) -> list[Peer]:
    unknown = set(filter(None, names.split(","))) - set(OTHERS)
    if unknown:
        raise Failure(f"--peers: {', '.join(sorted(unknown))} is none of {', '.join(OTHERS)}")
    return [OTHERS[name] for name in names.split(",") if name]


def _ours(options: argparse.Namespace, warmup_seconds: int) -> list[Peer]:
    java = tools.java(options.java)
    ours: list[Peer] = []
    for text in options.jar or [str(_JAR)]:
        name, _, file = text.rpartition("=")
        jar = Path(file).resolve()
        if not jar.is_file():
            raise Failure(f"{jar} is missing; build it: mvn -q -DskipTests package")
        ours.append(Scrimp(name or "scrimp", jar, java, options.java_options, warmup_seconds))
    names = [peer.name for peer in ours]
    if len(set(names)) < len(names) or set(names) & set(OTHERS):
        raise Failure("--jar: give each a name of its own, NAME=FILE")
    return ours


def _scenarios(names: str | None) -> list[Scenario]:
    if names in (None, "all"):
        return ALL
    unknown = set(names.split(",")) - set(BY_NAME)
    if unknown:
        raise Failure(f"--scenarios: {', '.join(sorted(unknown))} is none of {', '.join(BY_NAME)}")
    return [BY_NAME[name] for name in names.split(",")]


def _say(line: str) -> None:
    print(line, flush=True)


def _measure(options: argparse.Namespace) -> None:
    plan = _plan(options)
    refuse_missing(plan)
    out = Path(options.out)
    if not os.access(out.parent, os.W_OK):
        raise Failure(f"--out: {out.parent} is not a directory that may be written")
    _say(f"{', '.join(peer.name for peer in plan.peers)}: about {plan.estimate_seconds() / 60:.1f} minutes")
    signal.alarm(time_limit_seconds(plan))
    with Bench(plan) as bench:
        try:
            bench.measure_all(_say)
        finally:
            # What was measured until then is worth keeping, however it ends.
            document = bench.document()
            if document["runs"]:
                document["summary"] = Summary([document]).document()
                partial = out.with_name(out.name + ".partial")
                partial.write_text(json.dumps(document, indent=1) + "\n")
                partial.replace(out)
    _say(f"\n{report([document])}\nAll figures are in {out}.")


def _report(options: argparse.Namespace) -> None:
    try:
        documents = [json.loads(Path(file).read_text()) for file in options.files]
        if not any(document["runs"] for document in documents):
            raise Failure("nothing was measured in " + ", ".join(options.files))
        _say(report(documents))
    except (OSError, ValueError, KeyError) as problem:
        raise Failure(f"not a file that a measurement wrote: {problem}") from problem


def _syscalls(options: argparse.Namespace) -> None:
    plan = _plan(options)
    refuse_missing(plan)
    signal.alarm(time_limit_seconds(plan))
    syscalls.count(plan, _say)
