using ActorMon.Benchmarks.Tsdb;

// dotnet run -c Release --project tests/ActorMon.Benchmarks -- head [layouts] [series] [rows]
// dotnet run -c Release --project tests/ActorMon.Benchmarks -- loose [series] [rows] [samples of a series in a request]
// dotnet run -c Release --project tests/ActorMon.Benchmarks -- restart [series] [rows] [rows behind the checkpoints]
return args switch
{
    ["head", .. var rest] => HeadBenchmark.Run(rest),
    ["loose", .. var rest] => LooseBenchmark.Run(rest),
    ["restart", .. var rest] => RestartBenchmark.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: ActorMon.Benchmarks head [layouts=200] [series=1000] [rows=100] | loose [series=20000] [rows=480] [per-series=20] | restart [series=20000] [rows=1500] [tail=100]");
    return 2;
}
