using ActorMon.Benchmarks.Tsdb;

// dotnet run -c Release --project tests/ActorMon.Benchmarks -- head [layouts] [series] [rows]
return args switch
{
    ["head", .. var rest] => HeadBenchmark.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: ActorMon.Benchmarks head [layouts=200] [series=1000] [rows=100]");
    return 2;
}
