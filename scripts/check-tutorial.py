#!/usr/bin/env python3
"""Does what a document tells its reader to do, line by line, and compares what comes out with what the document shows.

Two kinds of fenced blocks count, in the order of the document:
  ```yaml file=PATH      (any language) is saved as PATH;
  ```console             lines that begin with "$ " are commands for one bash that lives through the whole document; the lines below are their output.
In an output "..." stands for any text within the line ("0...." for "0." and any text), and a line that is "..." alone for any number of lines. A command that only asks the node (its API or
/-/ready) is repeated until the output is as shown, as a reader would who was too quick. A command that ends with "&" or "& name=$!" runs in the background; whatever still runs at the
end is ended. Exit status 1 at the first difference.
"""
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import queue
import time

READY = 600  # seconds for a node to be ready: the first one is built before
PATIENCE = 60  # seconds for any other question to be answered as shown
LIMIT = 900  # seconds for any command
ASKS = re.compile(r"/api/v1/(?!write)|/-/ready|promtool query|promtool check metrics")


class Shell:
    """One bash; its commands' output line by line, ended by a marker with the exit status."""

    def __init__(self, logs):
        environment = dict(os.environ, PATH="/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin:" + os.environ.get("PATH", ""), LC_ALL="C.UTF-8")
        self.logs = logs
        self.process = subprocess.Popen(
            ["bash", "--norc", "--noprofile"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, start_new_session=True)
        self.lines = queue.Queue()
        self.background = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))
        self.lines.put(None)

    def run(self, command):
        runs = re.fullmatch(r"(.*[^&])&(\s*\w+=\$!)?\s*", command)
        if runs:
            log = os.path.join(self.logs, f"{len(self.background)}.log")
            self.background.append((command, log))
            command = f"{runs.group(1)} > {log} 2>&1 & {runs.group(2) or ''}"
        marker = f"--done-{time.monotonic_ns()}"
        self.process.stdin.write(f"{command}\nprintf '\\n%s %s\\n' {marker} $?\n")
        self.process.stdin.flush()
        output, deadline = [], time.monotonic() + LIMIT
        while True:
            try:
                line = self.lines.get(timeout=max(0.1, deadline - time.monotonic()))
            except queue.Empty:
                raise TimeoutError(f"still running after {LIMIT} s") from None
            if line is None:
                raise EOFError("the shell ended")
            if line.startswith(marker):
                break
            output.append(line)
        # The marker brings its own line break, for outputs that end without one; promtool prints an empty line for an empty result.
        while output and output[-1] == "":
            output.pop()
        return output

    def close(self):
        for stop in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, stop)
            except ProcessLookupError:
                return
            time.sleep(2)


def blocks(text):
    """(first line number, info string, lines) of each fenced block."""
    info, start, content = None, 0, []
    for number, line in enumerate(text.split("\n"), 1):
        if info is None and line.startswith("```") and line != "```":
            info, start, content = line[3:].strip(), number + 1, []
        elif info is not None and line == "```":
            yield start, info, content
            info = None
        elif info is not None:
            content.append(line)


def commands(first, content):
    """(line number, command, expected lines) of a console block."""
    found = []
    for number, line in enumerate(content, first):
        if line.startswith("$ "):
            found.append((number, [line[2:]], []))
        elif not found:
            raise ValueError(f"line {number}: output before the first command")
        elif found[-1][1][-1].endswith("\\") and not found[-1][2]:
            found[-1][1].append(line.removeprefix("> "))
        else:
            found[-1][2].append(line)
    return [(number, "\n".join(command), expected) for number, command, expected in found]


def pattern(expected):
    parts = []
    for line in expected:
        if line == "...":
            parts.append(r"(?:[^\n]*\n)*")
        else:
            parts.append(".*".join(re.escape(piece) for piece in re.split(r"\.\.\.(?!\.)", line)) + r"\n")
    return re.compile("".join(parts) + r"\Z")


def check(shell, number, command, expected):
    wanted = pattern(expected)
    deadline = time.monotonic() + (READY if "/-/ready" in command else PATIENCE if ASKS.search(command) else 0)
    while True:
        output = shell.run(command)
        if wanted.match("".join(line + "\n" for line in output)):
            return True
        if time.monotonic() >= deadline:
            print(f"line {number}: $ {command}\n--- shown\n" + "\n".join(expected) + "\n--- came\n" + "\n".join(output[:40]))
            return False
        time.sleep(1)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        text = file.read()
    done = 0
    with tempfile.TemporaryDirectory(prefix="tutorial-") as logs:
        shell = Shell(logs)
        try:
            for first, info, content in blocks(text):
                name = re.search(r"\bfile=(\S+)", info)
                if name:
                    with open(name.group(1), "w", encoding="utf-8") as saved:
                        saved.write("\n".join(content) + "\n")
                elif info == "console":
                    for number, command, expected in commands(first, content):
                        began = time.monotonic()
                        if not check(shell, number, command, expected):
                            for started, log in shell.background:
                                with open(log, encoding="utf-8", errors="replace") as tail:
                                    print(f"--- output of: {started}\n" + "".join(tail.readlines()[-15:]))
                            return 1
                        done += 1
                        print(f"line {number}: as shown, {time.monotonic() - began:.1f} s", flush=True)
        except (TimeoutError, EOFError) as problem:
            print(f"line {number}: $ {command}\n{problem}")
            return 1
        finally:
            shell.close()
    print(f"{sys.argv[1]}: {done} commands did what it says")
    return 0 if done else 1


sys.exit(main())
