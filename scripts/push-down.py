#!/usr/bin/env python3
"""What a query costs at a node without the data: three nodes with one partition and one copy; the first holds it, the second has parts of queries computed there, the third reads their samples.

    scripts/push-down.py                       # 2,000 counters x 4 h at 15 s
    scripts/push-down.py --runs 5 --hours 1    # a quick look

The program is artifacts/actormon/actormon (--program). For each query: do the answers of all three nodes agree to the last digit, the median time from request to last byte of each, the bytes that
came to the asked node from the first, and processor time a query of the asked node and of the first. Goal: the second node takes at most 1 ms + 10 % longer than the first.
"""
import argparse
import http.client
import json
import os
import random
import re
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import urllib.parse

import processes

START = 1_700_000_000 // 3600 * 3600
STEP = 15
QUERIES = [
    # name, query, step of a range query over all the data in seconds, 0: instant at its end
    ("sum of rates, 1 min", "sum by (code) (rate(m_total[5m]))", 60),
    ("sum of rates, 15 s", "sum by (code) (rate(m_total[5m]))", 15),
    ("sum of rates, instant", "sum by (code) (rate(m_total[5m]))", 0),
    ("count", "count by (code) (m_total)", 60),
    ("max of increases", "max by (code) (increase(m_total[10m]))", 60),
    ("top of averages", "topk(5, avg by (pod) (rate(m_total[5m])))", 300),
    ("rates of one pod", 'rate(m_total{pod="p7"}[5m])', 60),
    ("quantile, instant", "quantile(0.9, rate(m_total[5m]))", 0),
    ("share", 'sum(rate(m_total{code="500"}[5m])) / sum(rate(m_total[5m]))', 60),
]

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("--program", default=processes.PROGRAM)
arguments.add_argument("--series", type=int, default=2000)
arguments.add_argument("--hours", type=float, default=4)
arguments.add_argument("--runs", type=int, default=20)
arguments.add_argument("--port", type=int, default=18400)
arguments.add_argument("--tmp", help="where the data lie meanwhile")
options = arguments.parse_args()
END = START + int(options.hours * 3600)


class Node:
    """One node of the cluster; i counts from 0, its ports lie at --port + 10 i."""

    def __init__(self, folder, i, push_down):
        self.port = options.port + 10 * i
        self.log = open(os.path.join(folder, f"log{i}"), "w", encoding="utf-8")
        settings = os.path.join(folder, f"node{i}.conf")
        with open(settings, "w", encoding="utf-8") as file:
            file.write(f'actormon.persistence {{ provider = sqlite, connection-string = "Data Source={folder}/control.db" }}\n'
                       f"actormon.partitions = 1\nactormon.replicas = 1\nactormon.query.push-down = {'on' if push_down else 'off'}\n")
        self.process = subprocess.Popen(
            [options.program, f"--config.file={folder}/prometheus.yml", f"--storage.path={folder}/data{i}", f"--web.listen-address=127.0.0.1:{self.port}",
             f"--cluster.listen-address=127.0.0.1:{self.port + 1}", f"--cluster.seed-nodes=127.0.0.1:{options.port + 1}", f"--node.config={settings}",
             "--web.enable-remote-write-receiver", "--storage.tsdb.retention.time=100y", "--log.level=warn"], stdout=self.log, stderr=self.log)
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=processes.PATIENCE)

    def ask(self, path, body=None, headers=None):
        try:
            self.connection.request("GET" if body is None else "POST", path, body, headers or {})
            answer = self.connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            raise
        if answer.status >= 300:
            raise OSError(f"{path}: {answer.status} {text[:300]}")
        return text

    def query(self, query, step):
        if step == 0:
            return self.ask("/api/v1/query?" + urllib.parse.urlencode({"query": query, "time": END}))
        return self.ask("/api/v1/query_range?" + urllib.parse.urlencode({"query": query, "start": START + 600, "end": END, "step": step}))

    def cpu(self):
        return processes.cpu(self.process)

    def metric(self, name):
        match = re.search(rf"^{name} ([0-9.e+]+)", self.ask("/metrics").decode(), re.MULTILINE)
        return float(match.group(1)) if match else 0.0

    def stop(self):
        processes.stop(self.process)


def varint(number):
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def field(number, content):
    return varint(number << 3 | 2) + varint(len(content)) + content


def snappy(data):
    """The snappy form of bytes without compressing them."""
    out = bytearray(varint(len(data)))
    for at in range(0, len(data), 65536):
        piece = data[at:at + 65536]
        out += bytes([61 << 2]) + struct.pack("<H", len(piece) - 1) + piece
    return bytes(out)


def fill(node):
    """Counters of 20 codes and pods whose rates lie between 0.1 and 100."""
    chance = random.Random(1)
    series = []
    for i in range(options.series):
        labels = {"__name__": "m_total", "job": "load", "instance": f"t{i // 50}", "pod": f"p{i // 20}", "code": ["200", "404", "500"][i % 3], "path": f"/api/v1/handler{i % 20}"}
        encoded = b"".join(field(1, field(1, name.encode()) + field(2, labels[name].encode())) for name in sorted(labels))
        series.append([encoded, 0, 10 ** chance.uniform(0.3, 3.2)])
    for begin in range(START, END + 1, 40 * STEP):
        body = bytearray()
        for one in series:
            samples = bytearray()
            for at in range(begin, min(begin + 40 * STEP, END + 1), STEP):
                one[1] += int(one[2] * chance.uniform(0.5, 1.5))
                samples += field(2, b"\x09" + struct.pack("<d", one[1]) + b"\x10" + varint(at * 1000))
            body += field(1, one[0] + bytes(samples))
        node.ask("/api/v1/write", snappy(bytes(body)), {"Content-Encoding": "snappy", "Content-Type": "application/x-protobuf", "X-Prometheus-Remote-Write-Version": "0.1.0"})


def measure(name, query, step, nodes):
    holder = nodes[0]
    answers = [json.loads(node.query(query, step)) for node in nodes]
    agree = answers[0] == answers[1] == answers[2] and len(answers[0]["data"]["result"]) > 0
    texts = []
    for node in nodes:
        for _ in range(3):
            node.query(query, step)
        received, own, other, times = node.metric("actormon_cluster_read_bytes_total"), node.cpu(), holder.cpu(), []
        for _ in range(options.runs):
            begun = time.perf_counter()
            node.query(query, step)
            times.append(1000 * (time.perf_counter() - begun))
        own, other = 1000 * (node.cpu() - own) / options.runs, 1000 * (holder.cpu() - other) / options.runs
        received = (node.metric("actormon_cluster_read_bytes_total") - received) / options.runs
        texts.append(f"{statistics.median(times):7.1f} ms {own:5.0f}" + ("" if node is holder else f" +{other:4.0f} ms CPU {received / 1024:8.1f} KB"))
    print(f"{name:22} {'equal' if agree else 'DIFFER':6} | {texts[0]} ms CPU | {texts[1]} | {texts[2]}", flush=True)
    return agree


def run(folder):
    with open(os.path.join(folder, "prometheus.yml"), "w", encoding="utf-8") as file:
        file.write("global: {scrape_interval: 1h}\n")
    nodes = [Node(folder, 0, True)]
    try:
        processes.until("the first node is ready", lambda: nodes[0].ask("/-/ready"))
        fill(nodes[0])
        for i in (1, 2):
            nodes.append(Node(folder, i, i == 1))
            processes.until("a node is ready", lambda: nodes[-1].ask("/-/ready"))
        processes.until("all know each other", lambda: all(len(json.loads(node.ask("/api/v1/status/cluster"))["data"]["nodes"]) == 3 for node in nodes))
        held = [each["inSync"] for each in json.loads(nodes[0].ask("/api/v1/status/cluster"))["data"]["nodes"]]
        print(f"{options.series} series x {options.hours} h; copies in sync by node: {held}")
        print("                              | with the data              | without, parts computed there                | without, samples read")
        return 0 if all([measure(*query, nodes) for query in QUERIES]) else 1
    finally:
        for node in reversed(nodes):
            node.stop()


work = tempfile.mkdtemp(prefix="push-down-", dir=options.tmp)
try:
    sys.exit(run(work))
finally:
    shutil.rmtree(work, ignore_errors=True)
