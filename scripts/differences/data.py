"""The same samples in two servers: pushed to both, or scraped by both at once. Through the comparison kit's module `bench`."""
import json
import shutil
import sys
import time
import urllib.parse

SHIFT = 3.217  # seconds: puts samples on no whole step, where evaluation times of subqueries lie
EDGE_MS = 30_000  # at most so much may be in one server alone at either end of what was scraped


def pushed(bench, servers, options, shift=SHIFT):
    options.end = int(time.time()) // 600 * 600
    for server in servers:
        print(f"... {server.name} backfill", file=sys.stderr, flush=True)
        bench.backfill(server, shift, wait=False)


def scraped(bench, servers, options):
    for server in servers:
        server.fresh()
    load = bench.Loadgen(servers[0], options.targets, options.series, timestamps=1, quantum=2 * options.interval)
    try:
        for server in servers[1:]:
            shutil.copy(f"{servers[0].dir}/targets.json", server.dir)
        for server in servers:
            server.start()
        time.sleep(options.live)
    finally:
        load.stop()
    time.sleep(3)  # the last answers are stored
    options.end = int(time.time())
    same(servers, options)


def same(servers, options):
    """One server begins to scrape before the other, and sees the load generator's last moments or not: what one has alone at the ends is deleted. Anything else that one has alone is an error."""
    times, alone = compared(servers, options)
    spans = ends(times, alone)
    if any(last - first > EDGE_MS for first, last in spans):
        sys.exit(f"the servers did not scrape the same samples: they differ at {[t / 1000 for t in alone]}")
    for first, last in spans:
        query = urllib.parse.urlencode({"match[]": '{job="load"}', "start": f"{first / 1000:.3f}", "end": f"{last / 1000:.3f}"})
        for server in servers:
            status, body = server.http("POST", f"/api/v1/admin/tsdb/delete_series?{query}")
            if status // 100 != 2:
                sys.exit(f"{server.name} deletes nothing: {status} {body[:300]}")
    _, alone = compared(servers, options)
    if alone:
        sys.exit(f"after deleting {spans} the servers still differ at {[t / 1000 for t in alone]}")
    kept = len(times) - sum(first <= t <= last for t in times for first, last in spans)
    print(f"both scraped the same samples at {kept} times; at {len(times) - kept} only one did, or samples were deleted with those", flush=True)


def ends(times, alone):
    """From the first time to the last one of the first half that is alone, and likewise at the other end."""
    middle = (times[0] + times[-1]) / 2
    head, tail = [t for t in alone if t < middle], [t for t in alone if t >= middle]
    return ([(times[0], head[-1])] if head else []) + ([(tail[0], times[-1])] if tail else [])


def compared(servers, options):
    """All sample times in ascending order, and those at which the servers do not have the same series and values. Milliseconds."""
    found = []
    for server in servers:
        status, body = server.api("query", query=f'{{job="load",__name__!~"up|scrape_.*"}}[{options.live + 60}s]', time=options.end)
        if status != 200:
            sys.exit(f"{server.name}: {status} {body[:300]}")
        at = {}
        for series in json.loads(body)["data"]["result"]:
            labels = json.dumps(series["metric"], sort_keys=True)
            for t, value in series["values"]:
                at.setdefault(round(t * 1000), {})[labels] = float(value)
        found.append(at)
    times = sorted(set().union(*found))
    if not times:
        sys.exit("nothing was scraped")
    return times, [t for t in times if found[0].get(t) != found[1].get(t)]
