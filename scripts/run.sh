#!/usr/bin/env bash
# Restores, builds and starts one node with embedded storage that scrapes itself. Further arguments go to the node, and win over those given here.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build src/ActorMon.Host -c Release -v quiet -nologo
node=src/ActorMon.Host/bin/Release/net10.0/actormon
address=127.0.0.1:9090
for argument in "$@"; do
  case $argument in --web.listen-address=*) address=${argument#*=} ;; esac
done
echo "ActorMon starts on http://$address"
exec "$node" --config.file=config/prometheus.yml --storage.path=data --web.enable-lifecycle "$@"
