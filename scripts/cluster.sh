#!/usr/bin/env bash
# Builds and starts a cluster of N nodes (default 3) on loopback: scripts/cluster.sh [N] [flags for every node]. Data and logs lie below $ACTORMON_CLUSTER (default data/cluster),
# one folder a node; the nodes share one journal file there. Ctrl-C ends all of them.
# $ACTORMON_NODE: a built program, so that nothing is built. $ACTORMON_CONFIG: the configuration file. $ACTORMON_BASE_PORT: node i serves HTTP on base + 10 i (default 9100),
# its cluster port is 1, its link port 2 above that.
set -euo pipefail
cd "$(dirname "$0")/.."
count=3
if [[ ${1:-} =~ ^[0-9]+$ ]]; then count=$1; shift; fi
node=${ACTORMON_NODE:-}
if [[ -z $node ]]; then
  dotnet build src/ActorMon.Host -c Release -v quiet -nologo
  node=src/ActorMon.Host/bin/Release/net10.0/actormon
fi
base=${ACTORMON_BASE_PORT:-9100}
folder=$(realpath -m "${ACTORMON_CLUSTER:-data/cluster}")
config=${ACTORMON_CONFIG:-config/prometheus.yml}
mkdir -p "$folder"
printf 'actormon.persistence { provider = sqlite, connection-string = "Data Source=%s/control.db" }\n' "$folder" > "$folder/node.conf"

seeds=
for ((i = 1; i <= count; i++)); do seeds+=${seeds:+,}127.0.0.1:$((base + 10 * i + 1)); done
pids=()
stop() {
  trap - INT TERM EXIT
  # The oldest goes last, so that Control moves once.
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do kill -TERM "${pids[i]}" 2> /dev/null || true; done
  wait || true
}
trap stop INT TERM EXIT
for ((i = 1; i <= count; i++)); do
  http=$((base + 10 * i))
  mkdir -p "$folder/$i"
  "$node" --config.file="$config" --storage.path="$folder/$i/data" --web.listen-address=127.0.0.1:$http --cluster.listen-address=127.0.0.1:$((http + 1)) \
    --cluster.seed-nodes="$seeds" --node.config="$folder/node.conf" --web.enable-lifecycle "$@" >> "$folder/$i/log" 2>&1 &
  pids+=($!)
  echo "node $i: http://127.0.0.1:$http  pid $!  log $folder/$i/log"
done
echo "cluster: http://127.0.0.1:$((base + 10))/api/v1/status/cluster"
wait
