#!/usr/bin/env python3
"""How fast a node's built-in Alertmanager is when much happens at once: a storm of alerts until their notifications are at a webhook, and answers of the API beside many alerts and silences.

    scripts/page-speed.py                                   # 20,000 alerts in 100 groups; then 100,000 alerts and 10,000 silences
    scripts/page-speed.py --active 10000 --silences 1000

The program is artifacts/actormon/actormon ($ACTORMON). Prints how long after group_wait the last notification of the storm came, what the storm took of the processor without and with the silences,
and how long answers take (median and longest of 20).
"""
import argparse
import concurrent.futures
import http.client
import http.server
import json
import os
import statistics
import subprocess
import tempfile
import threading
import time

import processes

GROUP_WAIT = 20  # seconds: a storm is in by then

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("--alerts", type=int, default=20_000, help="of a storm")
arguments.add_argument("--groups", type=int, default=100, help="of a storm")
arguments.add_argument("--active", type=int, default=100_000, help="alerts that are there when the API is asked")
arguments.add_argument("--silences", type=int, default=10_000)
arguments.add_argument("--port", type=int, default=18420)
options = arguments.parse_args()
local = threading.local()
told = []  # (time, body)


class Webhook(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        at = time.time()
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
        told.append((at, body))

    def log_message(self, *_):
        pass


def ask(method, path, body=None):
    """The answer's text; a connection for each thread."""
    if not hasattr(local, "connection"):
        local.connection = http.client.HTTPConnection("127.0.0.1", options.port, timeout=120)
    try:
        local.connection.request(method, path, None if body is None else json.dumps(body), {"Content-Type": "application/json"})
        answer = local.connection.getresponse()
        text = answer.read()
    except (OSError, http.client.HTTPException):
        # It is of no use any more.
        del local.connection
        raise
    if answer.status != 200:
        raise OSError(f"{method} {path}: {answer.status} {text[:200]!r}")
    return text


def stamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def post(alerts):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for _ in pool.map(lambda at: ask("POST", "/api/v2/alerts", alerts[at:at + 256]), range(0, len(alerts), 256)):
            pass


def alert(name, number, groups, **labels):
    return {"labels": {"alertname": name, "instance": f"i{number}", "team": f"t{number % groups}", "severity": "warn", **labels},
            "annotations": {"summary": f"instance i{number} is unwell"}, "endsAt": stamp(time.time() + 7200), "generatorURL": "http://localhost/graph"}


def storm(process, name):
    told.clear()
    began = time.time()
    alerts = [alert(name, number, options.groups, storm=name) for number in range(options.alerts)]
    ask("POST", "/api/v2/alerts", alerts[:options.groups])
    opened = time.time()
    post(alerts[options.groups:])
    took = time.time() - began
    if took > GROUP_WAIT:
        raise SystemExit(f"the storm took {took:.1f} s to send, group_wait is {GROUP_WAIT} s")
    # What taking them in still costs is over by then.
    time.sleep(max(0, opened + GROUP_WAIT - 1 - time.time()))
    used, at = processes.cpu(process), time.time()
    processes.until("every group is told", lambda: len(told) >= options.groups)
    time.sleep(1)
    used = processes.cpu(process) - used - idle * (time.time() - at)
    count = sum(len(json.loads(body)["alerts"]) for _, body in told)
    last = max(at for at, _ in told) - opened - GROUP_WAIT
    print(f"{name}: {count:,} alerts in {len(told)} notifications, the last {max(0, last):.3f} s after group_wait (sent to the node within {took:.1f} s); "
          f"{used / count * 1e6:.1f} us of processor time an alert to tell it", flush=True)


def answers(path):
    times = []
    for _ in range(20):
        began = time.perf_counter()
        text = ask("GET", path)
        times.append((time.perf_counter() - began) * 1000)
    print(f"  GET {path}: {statistics.median(times):.1f} ms, longest {max(times):.1f} ms, {len(text):,} bytes", flush=True)


hook = http.server.ThreadingHTTPServer(("127.0.0.1", options.port + 1), Webhook)
threading.Thread(target=hook.serve_forever, daemon=True).start()
with tempfile.TemporaryDirectory(prefix="page-speed-") as folder:
    with open(os.path.join(folder, "prometheus.yml"), "w", encoding="utf-8") as file:
        file.write("global: {scrape_interval: 15s}\n")
    with open(os.path.join(folder, "alertmanager.yml"), "w", encoding="utf-8") as file:
        file.write(f"""
route:
  receiver: none
  group_by: [team]
  group_wait: 1h
  routes: [{{receiver: hook, matchers: ['storm=~".+"'], group_by: [team, storm], group_wait: {GROUP_WAIT}s, group_interval: 1h}}]
receivers: [{{name: none}}, {{name: hook, webhook_configs: [{{url: 'http://127.0.0.1:{options.port + 1}/'}}]}}]
inhibit_rules: [{{source_matchers: [severity=page], target_matchers: [severity=warn], equal: [instance]}}]
""")
    with open(os.path.join(folder, "log"), "w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [processes.PROGRAM, f"--config.file={folder}/prometheus.yml", f"--alertmanager.config.file={folder}/alertmanager.yml", f"--storage.path={folder}/data",
             f"--web.listen-address=127.0.0.1:{options.port}", f"--cluster.listen-address=127.0.0.1:{options.port + 2}"], stdout=log, stderr=log)
        try:
            processes.until("the Alertmanager is ready", lambda: json.loads(ask("GET", "/api/v2/status"))["cluster"]["status"] == "ready")
            time.sleep(5)
            idle = processes.cpu(process)
            time.sleep(10)
            idle = (processes.cpu(process) - idle) / 10
            storm(process, "warm")
            storm(process, "first")
            began, used = time.time(), processes.cpu(process)
            for number in range(options.silences):
                last = json.loads(ask("POST", "/api/v2/silences", {
                    "matchers": [{"name": "instance", "value": f"i{number}", "isRegex": False, "isEqual": True}, {"name": "alertname", "value": "Active", "isRegex": False, "isEqual": True}],
                    "startsAt": stamp(time.time()), "endsAt": stamp(time.time() + 7200), "createdBy": "me", "comment": "known"}))["silenceID"]
            print(f"{options.silences:,} silences made in {time.time() - began:.1f} s, {(processes.cpu(process) - used) / options.silences * 1e6:.0f} us of processor time each", flush=True)
            began, used = time.time(), processes.cpu(process)
            post([alert("Active", number, 1000) for number in range(options.active)])
            post([alert("Source", number, 1000, severity="page") for number in range(options.active // 10)])
            print(f"{options.active + options.active // 10:,} alerts taken in {time.time() - began:.1f} s, "
                  f"{(processes.cpu(process) - used) / (options.active * 1.1) * 1e6:.1f} us of processor time each", flush=True)
            storm(process, "second")
            print(f"answers beside {options.active + options.active // 10 + 3 * options.alerts:,} alerts and {options.silences:,} silences:")
            for path in ("/api/v2/status", "/api/v2/receivers", "/api/v2/alerts?filter=instance%3D%22i7%22", "/api/v2/alerts?filter=team%3D%22t7%22", "/api/v2/alerts/groups?filter=instance%3D%22i7%22",
                         "/api/v2/silences?filter=instance%3D%22i7%22", "/api/v2/silence/" + last, "/api/v2/silences", "/api/v2/alerts"):
                answers(path)
            with open(f"/proc/{process.pid}/status", encoding="utf-8") as status:
                print(next(line for line in status if line.startswith("VmRSS")).strip())
        finally:
            processes.stop(process)
