#!/usr/bin/env bash
# Starts the published node on an empty directory and prints the time from exec to the first 200 on /-/ready (every partition takes samples by then): each run and
# the median. Usage: scripts/start-time.sh [RUNS] (default 5). $ACTORMON: another program than artifacts/actormon/actormon; needs python3.
set -euo pipefail
cd "$(dirname "$0")/.."
exec python3 - "${ACTORMON:-artifacts/actormon/actormon}" "${1:-5}" <<'PYTHON'
import http.client, os, shutil, signal, socket, statistics, subprocess, sys, tempfile, time

program, runs = sys.argv[1], int(sys.argv[2])


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def ready(port):
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/-/ready")
        return connection.getresponse().status == 200
    except OSError:
        return False


def start_once():
    folder = tempfile.mkdtemp(prefix="actormon-start-")
    port = free_port()
    config = os.path.join(folder, "prometheus.yml")
    with open(config, "w") as file:
        file.write("scrape_configs: [{job_name: self, static_configs: [{targets: ['127.0.0.1:%d']}]}]\n" % port)
    flags = ["--config.file=" + config, "--storage.path=" + os.path.join(folder, "data"), "--web.listen-address=127.0.0.1:%d" % port]
    started = time.monotonic()
    node = subprocess.Popen([program, *flags], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        while not ready(port):
            if node.poll() is not None:
                sys.exit("the node ended: " + node.stderr.read().decode())
            if time.monotonic() - started > 60:
                sys.exit("not ready within 60 s")
            time.sleep(0.005)
        return time.monotonic() - started
    finally:
        node.send_signal(signal.SIGTERM)
        node.communicate()
        shutil.rmtree(folder)


times = []
for run in range(runs):
    times.append(start_once())
    print("run %d: %.2f s" % (run + 1, times[-1]), flush=True)
print("median: %.2f s" % statistics.median(times))
PYTHON
