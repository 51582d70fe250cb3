#!/usr/bin/env python3
"""How fast a joining node is given its copies: one node is filled by remote write, a second joins, every partition gets a copy there, while targets are scraped each second.

    scripts/move-speed.py                      # 60 targets x 1,000 series x 24 h at 15 s: 345 million samples
    scripts/move-speed.py --hours 2            # a quick look

The writer and the fleet are the comparison kit's (--kit, default ../shared/bench); the program is artifacts/actormon/actormon ($ARTIFACTS). Prints the bytes that travelled, the time from the second
node's start until every partition is in sync on both, processor time of both nodes meanwhile, and how many scrapes are missing. Goal: 100 MB/s, none missing.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

import processes

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("--kit", default=os.path.join(processes.ROOT, "..", "shared", "bench"))
arguments.add_argument("--targets", type=int, default=60)
arguments.add_argument("--series", type=int, default=1000)
arguments.add_argument("--hours", type=float, default=24)
arguments.add_argument("--port", type=int, default=18300)
arguments.add_argument("--tmp", help="where the data lie meanwhile")
options = arguments.parse_args()


class Node:
    """One node of the cluster; i counts from 0, its ports lie at --port + 10 i."""

    def __init__(self, folder, i):
        self.port = options.port + 10 * i
        self.log = open(os.path.join(folder, f"log{i}"), "w", encoding="utf-8")
        self.process = subprocess.Popen(
            [processes.PROGRAM, f"--config.file={folder}/prometheus.yml", f"--storage.path={folder}/data{i}", f"--web.listen-address=127.0.0.1:{self.port}",
             f"--cluster.listen-address=127.0.0.1:{self.port + 1}", f"--cluster.seed-nodes=127.0.0.1:{options.port + 1}", f"--node.config={folder}/node.conf",
             "--web.enable-remote-write-receiver", "--log.level=warn"], stdout=self.log, stderr=self.log)

    def text(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=processes.PATIENCE) as answer:
            return answer.read().decode()

    def data(self, path):
        return json.loads(self.text("/api/v1/" + path))["data"]

    def value(self, query, **at):
        result = self.data("query?" + urllib.parse.urlencode({"query": query, **at}))["result"]
        return float(result[0]["value"][1]) if result else 0.0

    def cpu(self):
        return processes.cpu(self.process)

    def received(self):
        match = re.search(r"^actormon_copy_received_bytes_total ([0-9.e+]+)", self.text("/metrics"), re.MULTILINE)
        return float(match.group(1)) if match else 0.0

    def stop(self):
        processes.stop(self.process)


def size(folder):
    return sum(os.path.getsize(os.path.join(where, name)) for where, _, names in os.walk(folder) for name in names)


def in_sync_everywhere(node):
    status = node.data("status/cluster")
    return len(status["nodes"]) == 2 and all(each["inSync"] == status["partitions"] for each in status["nodes"])


def run(folder):
    with open(os.path.join(folder, "node.conf"), "w", encoding="utf-8") as file:
        file.write(f'actormon.persistence {{ provider = sqlite, connection-string = "Data Source={folder}/control.db" }}\n')
    with open(os.path.join(folder, "prometheus.yml"), "w", encoding="utf-8") as file:
        file.write(f"global: {{scrape_interval: 1s}}\nscrape_configs: [{{job_name: first, static_configs: [{{targets: ['127.0.0.1:{options.port}']}}]}}]\n")
    nodes = [Node(folder, 0)]
    try:
        first = nodes[0]
        processes.until("the first node is ready", lambda: first.text("/-/ready"))
        end = int(time.time()) // 600 * 600
        writer = subprocess.run(
            [os.path.join(options.kit, "bin", "rwgen"), "--url", f"http://127.0.0.1:{first.port}/api/v1/write", "--seed", "1", "--targets", str(options.targets), "--series", str(options.series),
             "--start", str(end - int(options.hours * 3600)), "--end", str(end), "--step", "15", "--batch", "2000", "--per-series", "20", "--conns", "2"],
            stdout=subprocess.PIPE, text=True, check=True)
        written = json.loads(writer.stdout)
        time.sleep(10)  # what the writer left behind is cut; a quieter start, not a proof
        print(f"{written['samples']:,} samples written, {written['refused']} refused; {size(folder + '/data0') / 1e6:,.0f} MB on disk", flush=True)
        began, busy = time.monotonic(), first.cpu()
        nodes.append(Node(folder, 1))
        second = nodes[1]
        processes.until("the second node is ready", lambda: second.text("/-/ready"))
        ready = time.monotonic()
        processes.until("every partition is in sync on both", lambda: in_sync_everywhere(first))
        took, filled = time.monotonic() - began, time.monotonic() - ready
        moved, cpu = second.received() / 1e6, first.cpu() - busy + second.cpu()
        print(f"{moved:,.0f} MB travelled; in sync {took:.1f} s after the second node's start, {filled:.1f} s after it was ready: {moved / max(filled, 0.001):,.0f} MB/s; "
              f"{cpu:.1f} s of CPU on both, {1000 * cpu / max(moved, 0.001):.1f} ms a MB")
        window = int(took)
        counts = [node.value(f"count_over_time(up[{window}s])") for node in nodes]
        print(f"scrapes of the last {window} s that are stored, asked of each node: {counts}; {'none is missing' if min(counts) >= window - 1 else 'SOME ARE MISSING'}")
        totals = [node.value("count({__name__=~'.+', job!='first'})", time=end) for node in nodes]
        print(f"series, asked of each node: {totals}")
        return 0 if min(counts) >= window - 1 and len(set(totals)) == 1 else 1
    finally:
        for node in nodes:
            node.stop()


work = tempfile.mkdtemp(prefix="move-speed-", dir=options.tmp)
try:
    sys.exit(run(work))
finally:
    shutil.rmtree(work, ignore_errors=True)
