#!/usr/bin/env bash
# Builds everything and runs every test that needs no other program. The tests on the peers' own data (../shared/conformance) are skipped where it is absent.
# Closes with one line: N passed, N failed, N skipped. Projects run one after the other (a project's own classes run in parallel), so that two cores are not
# overcommitted; a test that hangs is ended after five minutes. Results: $TEST_RESULTS, or artifacts/test-results.
set -uo pipefail
cd "$(dirname "$0")/.."
results=${TEST_RESULTS:-artifacts/test-results}
rm -rf "$results" && mkdir -p "$results"
dotnet build ActorMon.sln -c Release -v quiet -nologo || { rmdir "$results"; echo "0 passed, 1 failed"; exit 1; }
[ -d ../shared/conformance ] || echo "../shared/conformance is absent: the conformance tests are skipped"
broken=0
for project in tests/*.Tests; do
  name=$(basename "$project")
  [ "$name" = ActorMon.EndToEnd.Tests ] && continue # needs the peers: .ci/run
  dotnet test "$project/bin/Release/net10.0/$name.dll" --filter "Category!=Peers" \
    --logger "trx;LogFileName=$name.trx" --results-directory "$results" --blame-hang-timeout 5m --blame-hang-dump-type none 2>&1 \
    | grep -vE '^(VSTest version|Starting test execution|A total of 1 test files|Results File|Copyright|Data collector|Test run for|$)'
  if [ ! -f "$results/$name.trx" ]; then
    echo "$name left no results"
    broken=$((broken + 1))
  fi
done
python3 scripts/count-tests.py --failed-steps "$broken" "$results"
