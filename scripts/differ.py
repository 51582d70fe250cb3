#!/usr/bin/env python3
"""Random queries to Prometheus 2.42 and to a node with the same data: every difference is proved to be a known change of Prometheus 3.x, or the exit status is 1.

    scripts/differ.py --seeds 1,2,3,4,5 --n 1500 --least 2000      pushed data, afresh for each seed
    scripts/differ.py --live 120 --interval 2 --n 500              data that both scrape
    scripts/differ.py --queries                                    the 33 queries of the kit's scenario `query`
    scripts/differ.py --self-test                                  the parts of this script that need no server

Servers, data, queries and comparison are the comparison kit's ($BENCH, or ../shared/bench beside the checkout); the program is artifacts/actormon/actormon ($ARTIFACTS). What is proved here is
why two answers differ. For each known change (differences/rules.py) the query is rewritten so that 2.42 must give the node's answer: with windows a millisecond
shorter, with rates worked out from the raw samples by the new rule and written back as a series, and so on. The rewritten query goes to 2.42 and its answer is held against the node's own, by
the kit's comparison and with its tolerance. A difference that no such rewriting explains is printed with both answers. The parts that replace something are tried under the old rule
first: they must give what 2.42 gave.
"""
import argparse
import collections
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from types import SimpleNamespace

from differences import data, proof, rules

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NOT_PROVED = "NOT PROVED"


def kit(given):
    """The kit's folder with its two programs built: they are compiled in a copy below artifacts/ where the kit brings none."""
    where = given or os.environ.get("BENCH") or os.path.join(ROOT, "..", "shared", "bench")
    if not os.path.exists(os.path.join(where, "promdiff.py")):
        sys.exit(f"no comparison kit in {os.path.abspath(where)}: name its folder in $BENCH")
    if all(os.access(os.path.join(where, "bin", name), os.X_OK) for name in ("loadgen", "rwgen")):
        return where
    copy = os.path.join(ROOT, "artifacts", "bench")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(where, copy, copy_function=shutil.copyfile)
    for folder, _, _ in os.walk(copy):
        os.chmod(folder, 0o755)
    try:
        subprocess.run(["sh", os.path.join(copy, "build.sh")], check=True)
    except (OSError, subprocess.CalledProcessError) as reason:
        sys.exit(f"the kit's programs cannot be built (rustc 1.65 or newer is needed): {reason}")
    return copy


def yardstick(kit_folder, folder):
    """The kit's description of Prometheus, with room for the late series that proofs write."""
    with open(os.path.join(kit_folder, "servers", "prometheus.json"), encoding="utf-8") as file:
        description = json.load(file)
    description["files"]["config.yml"].append("storage: {tsdb: {out_of_order_time_window: 1d}}")
    path = os.path.join(folder, "prometheus.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(description, file)
    return path


class Comparison:
    """Two servers of the kit, the questions at which they differed, and what became of each."""

    def __init__(self, bench, promdiff, servers, options):
        self.bench, self.promdiff, self.servers, self.options = bench, promdiff, servers, options
        self.base = [f"http://127.0.0.1:{server.port}" for server in servers]
        self.server = proof.Server(promdiff.get, self.base[0])
        self.classes, self.used, self.records, self.failed = collections.Counter(), set(), [], False

    def ask(self, path, params):
        return [self.promdiff.get(base, path, params) for base in self.base]

    def settle(self, name, path, params, mode, asked):
        """Proves one difference; asked: both answers, taken before any proof wrote a series."""
        began = time.monotonic()
        prover = proof.Prover(self.server, lambda one, other: self.promdiff.compare(one, other, mode, self.options.tolerance))
        why = prover.compare(*asked)
        chosen, tried = prover.prove(path, params, *asked) if why else (None, ["asked again, both agree"])
        label = " + ".join(chosen) if chosen else NOT_PROVED
        self.classes[label] += 1
        self.used.update(chosen or ())
        self.records.append({"query": name, "path": path, "params": params, "difference": why, "proved": label})
        print(f"  {name} {label} ({time.monotonic() - began:.1f} s): {dict(params)['query'][:150]}", flush=True)
        if not chosen:
            self.failed = True
            print(f"    {path} {dict(params)}\n    {why}\n    a: {self.promdiff.brief(asked[0])}\n    b: {self.promdiff.brief(asked[1])}")
            for line in tried:
                print(f"    not {line}")

    def seed(self, seed):
        """One seed of scenario `diff`."""
        self.options.seed = seed
        (data.scraped if self.options.live else data.pushed)(self.bench, self.servers, self.options)
        self.classes = collections.Counter()
        told = self.random_queries(seed)
        differing = []
        for bad in told["mismatches"]:
            params = [tuple(pair) for pair in bad["params"]]
            differing.append((f"seed {seed} #{bad['i']}", bad["path"], params, mode(bad["path"], dict(params)["query"]), self.ask(bad["path"], params)))
        for one in differing:
            self.settle(*one)
        usable = told["total"] - told["errors"] - told["empty"]
        print(f"seed {seed}: {told['total']} answers, {told['errors']} refused by 2.42, {told['empty']} empty, {usable} others; {told['agree']} agree, {self.told()}", flush=True)
        if usable < self.options.least:
            print(f"seed {seed}: {usable} answers are neither refused nor empty, --least asks for {self.options.least}")
            self.failed = True

    def random_queries(self, seed):
        """The kit's count of a run, with the queries at which the servers differed."""
        out = os.path.join(self.options.tmp, f"diff-{seed}.json")
        span = self.options.live or self.options.hours * 3600
        given = {"a": self.base[0], "b": self.base[1], "at": self.options.end, "span": span, "n": self.options.n, "seed": seed, "show": 0, "out": out}
        subprocess.run([sys.executable, self.promdiff.__file__] + [f"--{key}={value}" for key, value in given.items()])
        with open(out, encoding="utf-8") as file:
            return json.load(file)

    def queries(self):
        """Scenario `query`, both servers at once."""
        data.pushed(self.bench, self.servers, self.options, shift=0)
        with open(os.path.join(self.bench.HERE, "queries.json"), encoding="utf-8") as file:
            listed = json.load(file)["queries"]
        agree, differing = 0, []
        for query in listed:
            if "api" in query:
                bodies = [server.api(query["api"], start=server.end - 3600, end=server.end, match=query.get("match", []))[1] for server in self.servers]
                why = self.bench.differ(*(self.bench.normal(body, self.options.end) for body in bodies))
                if why:
                    self.failed = True
                    print(f"  {query['id']} {NOT_PROVED}: {why}")
            else:
                path, params = question(query, self.options.end)
                asked = self.ask(path, params)
                why = self.promdiff.compare(*asked, "", self.options.tolerance)
                if why:
                    differing.append((query["id"], path, params, "", asked))
            agree += not why
        for one in differing:
            self.settle(*one)
        print(f"{len(listed)} queries: {agree} agree, {self.told()}")

    def explain(self):
        for rule in (rule for rule in rules.HOW if rule in self.used):
            print(f"proved, {rule}: {rules.HOW[rule]}")

    def told(self):
        proved = sum(self.classes.values()) - self.classes[NOT_PROVED]
        listed = ", ".join(f"{count} {name}" for name, count in sorted(self.classes.items()) if name != NOT_PROVED)
        return f"{proved} differ by a proved change{f' ({listed})' if listed else ''}, {self.classes[NOT_PROVED]} unexplained"


def question(query, end):
    """An entry of the kit's list as path and parameters, as its scenario `query` puts it."""
    at = end - query["at"]
    if "range" in query:
        return "query_range", [("query", query["q"]), ("start", at - query["range"]), ("end", at), ("step", query["step"])]
    return "query", [("query", query["q"]), ("time", at)]


def mode(path, query):
    """How the kit compares: topk and bottomk outermost by value, sort in order for instant queries."""
    return "values" if query.startswith(("topk", "bottomk")) else "sorted" if query.startswith(("sort(", "sort_desc(")) and path == "query" else ""


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--seeds", default="1", help="comma-separated; of the data and of the queries")
    add("--n", type=int, default=300, help="random queries of a seed; each is put as an instant and as a range query")
    add("--least", type=int, default=0, help="answers of a seed that must be neither refused nor empty")
    add("--live", type=int, default=0, help="data scraped for so many seconds instead of pushed")
    add("--interval", type=int, default=5, help="scrape interval of --live, s")
    add("--queries", action="store_true", help="the kit's list of queries instead of random ones")
    add("--hours", type=float, default=0, help="history (2; 6 with --queries)")
    add("--targets", type=int, default=0, help="(8; 40 with --queries)")
    add("--series", type=int, default=0, help="per target (200; 500 with --queries)")
    add("--ports", default="9911,9931,9901", help="of Prometheus, of the node (and the next one), of the load generator")
    add("--bench", default="", help="the kit's folder")
    add("--tolerance", type=float, default=1e-9, help="relative, as the kit's")
    add("--out", help="JSON file: every difference with what proved it")
    add("--self-test", action="store_true")
    return parser.parse_args()


def main():
    given = arguments()
    if given.self_test:
        from differences import selftest
        return selftest.run()
    os.environ.setdefault("ARTIFACTS", os.path.join(ROOT, "artifacts"))
    where = kit(given.bench)
    sys.path.insert(0, where)
    import bench
    import promdiff
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    first, second, load = given.ports.split(",")
    with tempfile.TemporaryDirectory(prefix="differ-") as folder:
        options = SimpleNamespace(hours=given.hours or (6 if given.queries else 2), targets=given.targets or (40 if given.queries else 8), series=given.series or (500 if given.queries else 200),
                                  conns=2, seed=1, n=given.n, live=given.live, interval=given.interval, load_port=int(load), keep=False, tmp=folder, least=given.least,
                                  tolerance=given.tolerance)
        servers = [bench.Server(f"{yardstick(where, folder)}:{first}", options), bench.Server(f"{where}/servers/actormon.json:{second}", options)]
        comparison = Comparison(bench, promdiff, servers, options)
        for server in servers:
            print(f"{server.name}: {server.version()}", flush=True)
        try:
            if given.queries:
                comparison.queries()
            for seed in [] if given.queries else given.seeds.split(","):
                comparison.seed(int(seed))
            comparison.explain()
        finally:
            for server in servers:
                server.close()
            if given.out:
                with open(given.out, "w", encoding="utf-8") as file:
                    json.dump(comparison.records, file, indent=1)
    return 1 if comparison.failed else 0


if __name__ == "__main__":
    sys.exit(main())
