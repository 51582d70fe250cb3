#!/usr/bin/env bash
# Kills a node again and again under load and reads back every acknowledged sample.
#   scripts/chaos.sh [kills, 200] [seed, 1]        needs what the tests against peers need; builds what is missing
set -euo pipefail
cd "$(dirname "$0")/.."
[ -x artifacts/actormon/actormon ] || scripts/build.sh
export ACTORMON_KILLS="${1:-200}" ACTORMON_SEED="${2:-1}"
echo "kill -9 for $ACTORMON_KILLS times, seed $ACTORMON_SEED"
exec dotnet test tests/ActorMon.EndToEnd.Tests -c Release --nologo -v q --filter "FullyQualifiedName~KillLoop" --logger "console;verbosity=normal"
