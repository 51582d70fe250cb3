#!/usr/bin/env python3
"""Adds up the test results (trx files) of folders and prints one line: N passed, N failed, N skipped. Exit status 1 when a test failed or none ran.

A run that ended before its time (a crash, a hang that was cut) counts as one failed test, even when every test it got to had passed.
"""
import argparse
import glob
import re
import sys

arguments = argparse.ArgumentParser(description=__doc__)
arguments.add_argument("folders", nargs="+")
arguments.add_argument("--failed-steps", type=int, default=0, help="steps outside the tests that failed; each counts as a failed test")
options = arguments.parse_args()

passed, failed, skipped = 0, options.failed_steps, 0
for folder in options.folders:
    for name in sorted(glob.glob(glob.escape(folder) + "/**/*.trx", recursive=True)):
        with open(name, encoding="utf-8") as file:
            text = file.read()
        counters = re.search(r"<Counters ([^>]*)/>", text)
        numbers = {key: int(value) for key, value in re.findall(r'(\w+)="(\d+)"', counters.group(1))} if counters else {}
        bad = sum(numbers.get(key, 0) for key in ("failed", "error", "timeout", "aborted"))
        outcome = re.search(r'<ResultSummary outcome="(\w+)"', text)
        if bad == 0 and (outcome is None or outcome.group(1) not in ("Completed", "Passed")):
            bad = 1
        passed += numbers.get("passed", 0)
        failed += bad
        skipped += numbers.get("total", 0) - numbers.get("executed", 0)
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(1 if failed or not passed else 0)
