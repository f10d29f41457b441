"""How figures are made from what was seen: `python3 -m unittest`. The build's smoke tries the measuring itself."""

import unittest

import syscalls
import tools
from failure import Missing
from load import h2load_figures
from report import report
from scenarios import BY_NAME
from summary import Summary


def run(peer: str, round_: int, cpu_us: float, disturbed: bool = False, rate: float | None = None, p99: int = 1000):
    figures = {"scenario": "small", "peer": peer, "round": round_, "rate": rate, "disturbed": disturbed}
    figures |= {"cpu_us": cpu_us, "user_us": 1.0, "system_us": cpu_us - 1, "ksoftirqd_us": 0.0, "busy": 0.9}
    figures |= {"rps": 1e6 / cpu_us, "mbps": 1.0, "p50": 100, "p99": p99, "p999": 9000}
    return figures | {"errors": 0, "resident_kib": 10240}


def document(*runs: dict) -> dict:
    options = {"seconds": 2, "warm-up": {"nginx": 1, "scrimp": 60}, "CPU of the proxy": 1, "CPU of load and origin": 0}
    machine = {"cpu": "2 × test", "kernel": "Linux", "congestion control": "cubic"}
    return {"machine": machine, "versions": {"nginx": "1"}, "options": options, "runs": list(runs)}


class Http2Load(unittest.TestCase):
    def test_is_read_line_by_line_and_what_failed_is_no_request(self):
        log = "".join(f"17957376991{i}\t200\t{100 + i}\n" for i in range(100)) + "17957376999\t502\t9\n"
        output = "requests: 103 total, 103 started, 103 done, 100 succeeded, 3 failed, 2 errored, 0 timeout\n"
        output += "traffic: 1.50KB (1500) total, 1KB (1000) headers\n"
        figures = h2load_figures(log, output, 2)
        self.assertEqual((figures.requests, figures.seconds, figures.bytes, figures.errors), (100, 2, 1500, 3))
        self.assertEqual((figures.p50, figures.p99, figures.p999), (150, 199, 199))

    def test_without_an_answer_has_no_latency(self):
        self.assertEqual(h2load_figures("", "requests: 0 total", 1).p99, 0)


class Ratios(unittest.TestCase):
    small = BY_NAME["small"]

    def test_are_made_round_by_round_so_that_a_slow_phase_cancels_out(self):
        runs = [run("nginx", 1, 10), run("scrimp", 1, 9), run("nginx", 2, 20), run("scrimp", 2, 18)]
        summary = Summary([document(*runs)])
        ratio = summary.ratio(self.small, "scrimp", "nginx", "cpu_us")
        self.assertAlmostEqual(ratio.least, 0.9)
        self.assertAlmostEqual(ratio.most, 0.9)

    def test_leave_out_rounds_that_were_disturbed(self):
        disturbed = run("scrimp", 2, 90, disturbed=True)
        summary = Summary([document(run("nginx", 1, 10), run("scrimp", 1, 9), run("nginx", 2, 10), disturbed)])
        self.assertAlmostEqual(summary.ratio(self.small, "scrimp", "nginx", "cpu_us").most, 0.9)

    def test_take_disturbed_rounds_where_there_are_no_others(self):
        runs = [run("nginx", 1, 10, disturbed=True), run("scrimp", 1, 9, disturbed=True)]
        summary = Summary([document(*runs)])
        self.assertAlmostEqual(summary.ratio(self.small, "scrimp", "nginx", "cpu_us").median, 0.9)
        self.assertEqual(summary.disturbed(), (2, 2))

    def test_use_the_median_of_the_other_where_no_round_of_both_was_calm(self):
        runs = [run("nginx", 1, 10), run("nginx", 2, 40, disturbed=True)]
        runs += [run("scrimp", 1, 40, disturbed=True), run("scrimp", 2, 8)]
        ratio = Summary([document(*runs)]).ratio(self.small, "scrimp", "nginx", "cpu_us")
        self.assertAlmostEqual(ratio.median, 0.8)

    def test_of_half_load_are_kept_apart(self):
        runs = [run("nginx", 1, 10, p99=500), run("scrimp", 1, 9, p99=900)]
        runs += [run("nginx", 1, 30, rate=9000, p99=100), run("scrimp", 1, 30, rate=9000, p99=110)]
        summary = Summary([document(*runs)])
        self.assertAlmostEqual(summary.ratio(self.small, "scrimp", "nginx", "p99").median, 1.8)
        self.assertAlmostEqual(summary.ratio(self.small, "scrimp", "nginx", "p99", half=True).median, 1.1)
        self.assertAlmostEqual(summary.median(self.small, "scrimp", "cpu_us"), 9)

    def test_of_several_files_count_every_round_of_each(self):
        first = document(run("nginx", 1, 10), run("scrimp", 1, 9))
        second = document(run("nginx", 1, 10), run("scrimp", 1, 7))
        ratio = Summary([first, second]).ratio(self.small, "scrimp", "nginx", "cpu_us")
        self.assertAlmostEqual(ratio.least, 0.7)
        self.assertAlmostEqual(ratio.most, 0.9)


class Report(unittest.TestCase):
    def test_says_whether_a_goal_is_met(self):
        text = report([document(run("nginx", 1, 10), run("scrimp", 1, 9))])
        self.assertIn("| small: CPU a request at most 0.90 of nginx's | 0.90 [0.90–0.90] | met |", text)
        text = report([document(run("nginx", 1, 10), run("scrimp", 1, 9.2))])
        self.assertIn("| small: CPU a request at most 0.90 of nginx's | 0.92 [0.92–0.92] | missed |", text)

    def test_has_no_latency_at_a_rate_that_is_too_much_for_a_peer(self):
        runs = [run(peer, 1, 10) for peer in ("nginx", "scrimp")]
        runs += [run(peer, 1, cpu_us, rate=50_000) for peer, cpu_us in (("nginx", 25), ("scrimp", 20))]
        text = report([document(*runs)])
        self.assertIn("more than it can do", text)
        self.assertNotIn("p99 at half load, nginx", text)

    def test_has_no_column_for_what_was_not_measured(self):
        text = report([document(run("nginx", 1, 10), run("scrimp", 1, 9))])
        self.assertNotIn("half load", text)


class Strace(unittest.TestCase):
    def test_lines_with_and_without_errors_are_read(self):
        table = """% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 60.12    0.012345           3      4000           sendto
 39.88    0.010000           2      2000       500 recvfrom
------ ----------- ----------- --------- --------- ----------------
100.00    0.022345           3      6000       500 total
"""
        self.assertEqual(syscalls._parse(table), {"sendto": 4000, "recvfrom": 2000})


class Tools(unittest.TestCase):
    def test_a_missing_one_is_told_with_its_package(self):
        tools.PACKAGES["no-such-tool"] = "its-package"
        self.addCleanup(tools.PACKAGES.pop, "no-such-tool")
        with self.assertRaisesRegex(Missing, "no-such-tool is missing: apt-get install .* its-package"):
            tools.path_of("no-such-tool")


if __name__ == "__main__":
    unittest.main()
