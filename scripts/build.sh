#!/usr/bin/env bash
# Publishes the two programs: artifacts/actormon/actormon and artifacts/actormon-tool/actormon-tool.
set -euo pipefail
cd "$(dirname "$0")/.."
# Compiled ahead (ReadyToRun), so that a node answers within a second of being started; framework-dependent, so that a patched runtime is picked up.
for program in Host:actormon Tool:actormon-tool; do
  dotnet publish "src/ActorMon.${program%%:*}" -c Release -r "${RID:-linux-x64}" --self-contained false -p:PublishReadyToRun=true \
    -o "artifacts/${program##*:}" -v quiet -nologo
done
echo "artifacts/actormon/actormon and artifacts/actormon-tool/actormon-tool"
