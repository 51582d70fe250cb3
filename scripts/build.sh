#!/usr/bin/env bash
# Publishes the two programs: artifacts/actormon/actormon and artifacts/actormon-tool/actormon-tool.
set -euo pipefail
cd "$(dirname "$0")/.."
# Compiled ahead (ReadyToRun), so that a node answers within two seconds of being started; framework-dependent, so that a patched runtime is picked up.
rid=${RID:-linux-x64}
publish() {
  dotnet publish "src/ActorMon.$1" -c Release -r "$rid" --self-contained false -p:PublishReadyToRun="$3" -o "artifacts/$2" -v quiet -nologo
}
ahead=true
# The compiler is a package of the SDK's own version; a registry that lacks it costs start time, not the build.
if ! output=$(publish Host actormon true 2>&1); then
  if grep -qiE 'crossgen|NU110[0-9]|NETSDK1094' <<<"$output"; then
    echo "no ReadyToRun compiler to be had: publishing without it (a start takes about a second longer)"
    ahead=false
    publish Host actormon false
  else
    echo "$output"
    exit 1
  fi
fi
publish Tool actormon-tool $ahead
echo "artifacts/actormon/actormon and artifacts/actormon-tool/actormon-tool"
