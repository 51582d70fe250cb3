#!/usr/bin/env python3
"""Adds up the test results (trx files) of folders and prints the failed tests, then one line: N passed, N failed, N skipped. Exit status 1 when a test failed or none ran.

A run that ended before its time (a crash, a hang that was cut) counts as one failed test, even when every test it got to had passed.
"""
import argparse
import glob
import html
import re
import sys

MOST_LINES = 12  # of a failed test's message; a comparison of two answers can be thousands of lines


def failures(text):
    """The failed tests of a trx file: name and the first lines of the message."""
    for result in re.findall(r'<UnitTestResult [^>]*outcome="(?:Failed|Error|Timeout|Aborted)".*?</UnitTestResult>', text, re.DOTALL):
        name = re.search(r'testName="([^"]*)"', result)
        message = re.search(r"<Message>(.*?)</Message>", result, re.DOTALL)
        yield html.unescape(name.group(1)), html.unescape(message.group(1)).splitlines()[:MOST_LINES] if message else []


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
        for test, message in failures(text):
            print(f"FAILED {test}", *(f"    {line[:400]}" for line in message), sep="\n")
        outcome = re.search(r'<ResultSummary outcome="(\w+)"', text)
        if bad == 0 and (outcome is None or outcome.group(1) not in ("Completed", "Passed")):
            bad = 1
            print(f"FAILED {name} ended before its time")
        passed += numbers.get("passed", 0)
        failed += bad
        skipped += numbers.get("total", 0) - numbers.get("executed", 0)
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(1 if failed or not passed else 0)
