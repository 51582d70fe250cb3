#!/usr/bin/env python3
"""Prints, for each folder of the conformance kit, how many of its cases were run and skipped, and why those were skipped.

Arguments: the kit's INDEX.json, and the report to which every group of cases appended a JSON line. Exit status 1 when a case failed or no group reported.
"""
import collections
import json
import sys

# Numbers of INDEX.json that count something else than cases, or count cases a second time.
NOT_CASES = {
    "promql": {"testFiles", "evalInstant", "evalRange", "loads"},
    "openmetrics": {"corpusShouldParse", "corpusShouldFail", "scrapeParserDocuments"},
    "config": {"badWithErrorText"},
}


def cases(value, leave_out=frozenset()):
    if isinstance(value, dict):
        return sum(cases(inner) for key, inner in value.items() if key not in leave_out)
    if isinstance(value, list):
        return sum(cases(inner) for inner in value)
    return value if isinstance(value, int) else 0


with open(sys.argv[1], encoding="utf-8") as file:
    index = json.load(file)["folders"]
groups = {}
try:
    with open(sys.argv[2], encoding="utf-8") as file:
        for line in file:
            group = json.loads(line)
            groups[group["folder"], group["group"]] = group
except FileNotFoundError:
    print("no conformance group reported anything")
    sys.exit(1)

failures = 0
for folder in sorted(set(index) | {name for name, _ in groups}):
    mine = [group for (name, _), group in sorted(groups.items()) if name == folder]
    run = sum(group["passed"] + group["failed"] for group in mine)
    failed = sum(group["failed"] for group in mine)
    skipped = sum(group["skipped"] for group in mine)
    total = cases(index.get(folder, {}), NOT_CASES.get(folder, frozenset()))
    notes = [f"{failed} failed"] if failed else []
    if run + skipped < total:
        notes.append(f"{total - run - skipped} not reached yet")
    elif run + skipped > total:
        notes.append("the tests count more finely than INDEX.json")
    print(f"{folder}: {run} run / {skipped} skipped / of {total}" + (f" ({'; '.join(notes)})" if notes else ""))
    reasons = collections.Counter()
    for group in mine:
        reasons.update(group["reasons"])
    for reason, count in sorted(reasons.items()):
        print(f"    {count} skipped: {reason}")
    failures += failed
sys.exit(1 if failures or not groups else 0)
