"""Nodes as processes: what the measuring scripts share."""
import http.client
import os
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# The program that is measured: $ACTORMON, or what scripts/build.sh makes (below $ARTIFACTS).
PROGRAM = os.environ.get("ACTORMON") or os.path.join(os.environ.get("ARTIFACTS") or os.path.join(ROOT, "artifacts"), "actormon", "actormon")
TICK = os.sysconf("SC_CLK_TCK")
PATIENCE = 600  # seconds


def cpu(process):
    """Seconds of processor time so far."""
    with open(f"/proc/{process.pid}/stat", encoding="utf-8") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def stop(process):
    """SIGTERM; after two minutes SIGKILL."""
    process.terminate()
    try:
        process.wait(120)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def until(what, condition):
    """Asks ten times a second; ends the program when that takes longer than PATIENCE."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            if condition():
                return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.1)
    sys.exit(f"not seen in {PATIENCE} s: {what}")
