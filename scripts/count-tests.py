#!/usr/bin/env python3
"""Adds up the test results (trx files) of a folder and prints one line: N passed, N failed, N skipped. Exit status 1 when a test failed or none ran."""
import glob, re, sys

passed = failed = skipped = 0
for name in glob.glob(sys.argv[1] + "/**/*.trx", recursive=True):
    counters = re.search(r"<Counters ([^>]*)/>", open(name, encoding="utf-8").read())
    numbers = {k: int(v) for k, v in re.findall(r'(\w+)="(\d+)"', counters.group(1))} if counters else {}
    passed += numbers.get("passed", 0)
    failed += numbers.get("failed", 0) + numbers.get("error", 0) + numbers.get("timeout", 0) + numbers.get("aborted", 0)
    skipped += numbers.get("total", 0) - numbers.get("executed", 0)
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(1 if failed or not passed else 0)
