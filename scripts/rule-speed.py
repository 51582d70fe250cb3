#!/usr/bin/env python3
"""What rules cost a whole node: groups of rules `sum(rate(METRIC[5m]))` over the node's own metrics, evaluated and stored, while the node scrapes itself.

    scripts/rule-speed.py                                   # 100 groups of 20 rules every second, for a minute
    scripts/rule-speed.py --groups 500 --seconds 120

The program is artifacts/actormon/actormon ($ACTORMON). Prints evaluations a second, processor time a rule (the node without rules taken off), how late evaluations began (p50, p99), what was missed.
"""
import argparse
import os
import re
import subprocess
import tempfile
import time
import urllib.request

import processes

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("--groups", type=int, default=100)
arguments.add_argument("--rules", type=int, default=20, help="of a group")
arguments.add_argument("--interval", type=float, default=1, help="seconds")
arguments.add_argument("--seconds", type=int, default=60)
arguments.add_argument("--port", type=int, default=18400)
options = arguments.parse_args()


def page():
    with urllib.request.urlopen(f"http://127.0.0.1:{options.port}/metrics", timeout=60) as answer:
        return answer.read().decode()


def total(text, name):
    """Sum of all series of a metric."""
    return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if re.match(re.escape(name) + r"[ {]", line))


def buckets(text, name):
    return {float(bound): float(count) for bound, count in re.findall(rf'^{name}_bucket{{le="([^"]+)"}} (\S+)$', text, re.MULTILINE)}


def quantile(before, after, q):
    """The bucket's upper bound in which the quantile lies."""
    counts = {bound: after[bound] - before.get(bound, 0) for bound in after}
    return min(bound for bound, count in counts.items() if count >= q * counts[float("inf")])


def write_rules(folder, metrics):
    with open(os.path.join(folder, "rules.yml"), "w", encoding="utf-8") as file:
        file.write("groups:\n")
        for group in range(options.groups):
            file.write(f"- name: g{group}\n  interval: {round(options.interval * 1000)}ms\n  rules:\n")
            for rule in range(options.rules):
                number = group * options.rules + rule
                file.write(f"  - {{record: 'r{number}', expr: 'sum(rate({metrics[number % len(metrics)]}[5m]))'}}\n")


def measure(process):
    text, used, began = page(), processes.cpu(process), time.monotonic()
    time.sleep(options.seconds)
    after, spent, took = page(), processes.cpu(process) - used, time.monotonic() - began
    return text, after, spent / took, took


with tempfile.TemporaryDirectory(prefix="rule-speed-") as folder:
    with open(os.path.join(folder, "prometheus.yml"), "w", encoding="utf-8") as file:
        file.write("global: {scrape_interval: 5s}\nrule_files: [rules.yml]\n"
                   f"scrape_configs: [{{job_name: self, static_configs: [{{targets: ['127.0.0.1:{options.port}']}}]}}]\n")
    with open(os.path.join(folder, "log"), "w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [processes.PROGRAM, f"--config.file={folder}/prometheus.yml", f"--storage.path={folder}/data", f"--web.listen-address=127.0.0.1:{options.port}", "--web.enable-lifecycle"],
            stdout=log, stderr=log)
        try:
            processes.until("the node answers", page)
            time.sleep(20)
            counters = sorted(set(re.findall(r"^# TYPE (\S+) counter$", page(), re.MULTILINE)))
            _, _, idle, _ = measure(process)
            write_rules(folder, counters)
            urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{options.port}/-/reload", method="POST"), timeout=60).close()
            processes.until("every group is evaluated", lambda: total(page(), "prometheus_rule_group_iterations_total") >= options.groups)
            # Code is compiled and series are made.
            time.sleep(20)
            before, after, busy, took = measure(process)
        finally:
            processes.stop(process)
    lag = "actormon_rule_group_lag_seconds"
    rules = (total(after, "prometheus_rule_evaluations_total") - total(before, "prometheus_rule_evaluations_total")) / took
    missed = total(after, "prometheus_rule_group_iterations_missed_total") - total(before, "prometheus_rule_group_iterations_missed_total")
    failed = total(after, "prometheus_rule_evaluation_failures_total") - total(before, "prometheus_rule_evaluation_failures_total")
    print(f"{options.groups} groups of {options.rules} rules each {options.interval:g} s, {len(counters)} metrics: {rules:,.0f} rules/s, {(busy - idle) / rules * 1e6:.1f} us of processor time a rule "
          f"({idle:.3f} without, {busy:.3f} with rules, cores), evaluations begin within {quantile(buckets(before, lag), buckets(after, lag), 0.5) * 1000:g} ms (p50), "
          f"{quantile(buckets(before, lag), buckets(after, lag), 0.99) * 1000:g} ms (p99) of their time, {missed:.0f} missed, {failed:.0f} rules failed")
