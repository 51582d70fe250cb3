#!/usr/bin/env bash
# Disturbs nodes under load and judges every sample afterwards. Needs what the tests against peers need; builds what is missing. Figures go to artifacts/chaos.txt as well.
#   scripts/chaos.sh [node] [kills, 200] [seed, 1]              kill -9 of one node again and again
#   scripts/chaos.sh cluster kills [kills, 20] [seed, 1]        of a random node of three, one a minute; 200 targets x 1,000 series
#   scripts/chaos.sh cluster scale|partition|pause|disk|clock [seconds, 30] [seed, 1]
#   scripts/chaos.sh cluster all [seed, 1]                      all of them
#   scripts/chaos.sh rules [kills, 50] [seed, 1] [postgresql|sqlite|both]   of the node that evaluates a rule group: three nodes with PostgreSQL, one node with SQLite
#   scripts/chaos.sh alerts [kills, 100] [splits, 20] [seed, 1]   of nodes whose built-in Alertmanager tells 1,000 flapping alerts: three nodes with PostgreSQL, a webhook that fails now and then
#   scripts/chaos.sh cluster ci                                 the small ones of .ci/run, about ten minutes
# ACTORMON_TARGETS, _SERIES, _INTERVAL, _PERIOD, _ABSENCE, _DISTURBANCE change the load; ACTORMON_GOALS=0 prints goals of speed without asserting them (cluster ci never does);
# ACTORMON_JOURNAL=postgresql; ACTORMON_KEEP=1 leaves logs and data in the temporary directory.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -n "${ACTORMON:-}" ] || [ -x artifacts/actormon/actormon ] || scripts/build.sh

run() { # filter, further arguments
  local filter=$1
  shift
  dotnet test "${CHAOS_TESTS:-tests/ActorMon.EndToEnd.Tests}" -c Release --nologo -v q --filter "$filter" --logger "console;verbosity=normal" "$@"
}

if [ "${1:-}" = rules ]; then
  mkdir -p artifacts
  export ACTORMON_RULE_KILLS="${2:-50}" ACTORMON_SEED="${3:-1}" ACTORMON_FIGURES="$PWD/artifacts/chaos.txt" ACTORMON_GOALS="${ACTORMON_GOALS:-1}"
  case ${4:-both} in
    postgresql) run "FullyQualifiedName~KilledEvaluators.Of_three_nodes" ;;
    sqlite) run "FullyQualifiedName~KilledEvaluators.Of_one_node" ;;
    *) run "FullyQualifiedName~KilledEvaluators" ;;
  esac
  exit
fi

if [ "${1:-}" = alerts ]; then
  mkdir -p artifacts
  export ACTORMON_ALERT_KILLS="${2:-100}" ACTORMON_ALERT_SPLITS="${3:-20}" ACTORMON_SEED="${4:-1}" ACTORMON_ALERTS="${ACTORMON_ALERTS:-1000}" ACTORMON_FIGURES="$PWD/artifacts/chaos.txt"
  export ACTORMON_GOALS="${ACTORMON_GOALS:-1}"
  run "FullyQualifiedName~PagesOutliveNodes"
  exit
fi

if [ "${1:-}" != cluster ]; then
  [ "${1:-}" != node ] || shift
  export ACTORMON_KILLS="${1:-200}" ACTORMON_SEED="${2:-1}"
  echo "kill -9 for $ACTORMON_KILLS times, seed $ACTORMON_SEED"
  run "FullyQualifiedName~KillLoop"
  exit
fi

scenario=${2:-all}
mkdir -p artifacts
export ACTORMON_FIGURES=$PWD/artifacts/chaos.txt
tests="FullyQualifiedName~EndToEnd.Tests.Cluster"
if [ "$scenario" = ci ]; then
  rm -f "$ACTORMON_FIGURES"
  status=0
  timeout 1200 dotnet test tests/ActorMon.EndToEnd.Tests/bin/Release/net10.0/ActorMon.EndToEnd.Tests.dll \
    --filter "FullyQualifiedName~KillsOfNodes|FullyQualifiedName~PartitionsOfTheNetwork|FullyQualifiedName~ScalingOutAndIn|FullyQualifiedName~PagesOutliveNodes" \
    --logger "trx;LogFileName=Chaos.trx" --results-directory "${TEST_RESULTS:-artifacts/test-results-peers}" --blame-hang-timeout 8m --blame-hang-dump-type none || status=$?
  cat "$ACTORMON_FIGURES" 2> /dev/null || true
  exit $status
fi

export ACTORMON_GOALS="${ACTORMON_GOALS:-1}"
kills() {
  export ACTORMON_CLUSTER_KILLS=$1 ACTORMON_SEED=$2 ACTORMON_TARGETS="${ACTORMON_TARGETS:-200}" ACTORMON_SERIES="${ACTORMON_SERIES:-1000}" ACTORMON_INTERVAL="${ACTORMON_INTERVAL:-5s}"
  export ACTORMON_PERIOD="${ACTORMON_PERIOD:-60}" ACTORMON_ABSENCE="${ACTORMON_ABSENCE:-25}"
  run "FullyQualifiedName~KillsOfNodes"
}
case $scenario in
  kills) kills "${3:-20}" "${4:-1}" ;;
  scale | partition | pause | disk | clock)
    export ACTORMON_DISTURBANCE="${3:-30}" ACTORMON_SEED="${4:-1}"
    case $scenario in
      scale) run "FullyQualifiedName~ScalingOutAndIn" ;;
      partition) run "FullyQualifiedName~PartitionsOfTheNetwork" ;;
      pause) run "FullyQualifiedName~FrozenNodes" ;;
      disk) run "FullyQualifiedName~FullDisks" ;;
      clock) run "FullyQualifiedName~WrongClocks" ;;
    esac ;;
  all)
    export ACTORMON_DISTURBANCE=30 ACTORMON_SEED="${3:-1}"
    run "$tests&Category=Chaos&FullyQualifiedName!~KillsOfNodes"
    kills 20 "$ACTORMON_SEED" ;;
  *)
    echo "unknown scenario $scenario: kills, scale, partition, pause, disk, clock, all, ci" >&2
    exit 2 ;;
esac
