using ActorMon.Benchmarks.Links;
using ActorMon.Benchmarks.PromQL;
using ActorMon.Benchmarks.Rules;
using ActorMon.Benchmarks.Tsdb;

// dotnet run -c Release --project tests/ActorMon.Benchmarks -- head [layouts] [series] [rows]
// dotnet run -c Release --project tests/ActorMon.Benchmarks -- loose [series] [rows] [samples of a series in a request]
// dotnet run -c Release --project tests/ActorMon.Benchmarks -- query [series] [hours] [substring of the queries wanted]
// dotnet run -c Release --project tests/ActorMon.Benchmarks -- restart [series] [rows] [rows behind the checkpoints]
// dotnet run -c Release --project tests/ActorMon.Benchmarks -- parts [targets] [series of a target] [hours] [hours of a part]
// dotnet run -c Release --project tests/ActorMon.Benchmarks -- cardinality [series]
// dotnet run -c Release --project tests/ActorMon.Benchmarks -- link [series of a scrape] [rounds]
// dotnet run -c Release --project tests/ActorMon.Benchmarks -- rules [rules] [series of a metric] [rounds]
return args switch
{
    ["cardinality", .. var rest] => CardinalityBenchmark.Run(rest),
    ["head", .. var rest] => HeadBenchmark.Run(rest),
    ["link", .. var rest] => BatchBenchmark.Run(rest),
    ["loose", .. var rest] => LooseBenchmark.Run(rest),
    ["query", .. var rest] => await QueryBenchmark.RunAsync(rest),
    ["restart", .. var rest] => RestartBenchmark.Run(rest),
    ["rules", .. var rest] => await RuleBenchmark.RunAsync(rest),
    ["parts", .. var rest] => PartsBenchmark.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        "usage: ActorMon.Benchmarks head [layouts=200] [series=1000] [rows=100] | loose [series=20000] [rows=480] [per-series=20]"
        + " | parts [targets=40] [series=500] [hours=6] [hours of a part=6] | restart [series=20000] [rows=1500] [tail=100] | query [series=2000] [hours=12] [only=] | cardinality [series=1000000]"
        + " | link [series=1000] [rounds=2000] | rules [rules=1000] [series=10] [rounds=60]");
    return 2;
}
