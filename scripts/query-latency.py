#!/usr/bin/env python3
"""Small instant queries over one keep-alive connection while samples come in: the times a client sees, for each server named.

    scripts/query-latency.py                                         # artifacts/actormon at 40,000 samples/s
    scripts/query-latency.py servers/prometheus.json servers/actormon.json --seconds 120

Descriptions of servers, load generator and meters are the comparison kit's (--kit, default ../shared/bench). Waits --warm seconds, then asks the queries below in turn
with a pause after each, for --seconds. Prints quantiles of the time from request to last byte, the processor time of server and machine meanwhile, and the slowest
answers with when they came. Goal: p50 at most 2 ms, p99 at most 10 ms.
"""
import argparse, os, statistics, sys, time, urllib.parse

QUERIES = ['up{instance="t0003"}', 'http_requests_total{instance="t0007",code="500"}', 'sum(rate(http_requests_total{instance="t0011"}[1m]))', "1 + 1"]

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("servers", nargs="*", default=["servers/actormon.json"])
arguments.add_argument("--kit", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "shared", "bench"))
arguments.add_argument("--targets", type=int, default=200)
arguments.add_argument("--series", type=int, default=1000)
arguments.add_argument("--interval", type=int, default=5)
arguments.add_argument("--warm", type=int, default=60)
arguments.add_argument("--seconds", type=int, default=60)
arguments.add_argument("--pause", type=float, default=0.01)
arguments.add_argument("--load-port", type=int, default=19900)
arguments.add_argument("--seed", type=int, default=1)
arguments.add_argument("--tmp")
arguments.add_argument("--keep", action="store_true")
options = arguments.parse_args()
sys.path.insert(0, options.kit)
import bench  # noqa: E402


def quantile(times, q):
    return times[min(len(times) - 1, int(q * len(times)))]


def measure(server):
    server.fresh()
    load = bench.Loadgen(server, options.targets, options.series)
    try:
        server.start()
        time.sleep(options.warm)
        paths = ["/api/v1/query?" + urllib.parse.urlencode({"query": query}) for query in QUERIES]
        before = load.get("/reset")["samples"]
        times = []
        with bench.Meter(server, load.p.pid) as meter:
            began = time.perf_counter()
            while time.perf_counter() - began < options.seconds:
                for path in paths:
                    asked = time.perf_counter()
                    status, body = server.http("GET", path)
                    times.append(((time.perf_counter() - asked) * 1e3, asked - began))
                    if status != 200 or b'"result":[]' in body:
                        sys.exit(f"{server.name}: {path}: {status} {body[:200]!r}")
                    time.sleep(options.pause)
        samples = load.get("/stats")["samples"]
        sorted_times = sorted(t for t, _ in times)
        print(f"{server.name}: {len(times)} queries, {samples / meter.wall:,.0f} samples/s; ms: p50 {statistics.median(sorted_times):.2f}, p90 {quantile(sorted_times, 0.9):.2f}, "
              f"p99 {quantile(sorted_times, 0.99):.2f}, p99.9 {quantile(sorted_times, 0.999):.2f}, longest {sorted_times[-1]:.2f}; "
              f"cores: server {meter.cpu / meter.wall:.2f}, others {meter.other:.2f}; RSS {meter.memory()['rss_mib']:.0f} MiB")
        print("  slowest: " + ", ".join(f"{t:.1f} ms at {at:.1f} s" for t, at in sorted(times, reverse=True)[:10]), flush=True)
    finally:
        load.stop()
        server.close()


for path in options.servers:
    measure(bench.Server(path, options))
