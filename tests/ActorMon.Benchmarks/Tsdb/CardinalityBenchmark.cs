using System.Globalization;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.Tsdb;
using ActorMon.Tsdb.Cardinality;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Symbols;

namespace ActorMon.Benchmarks.Tsdb;

/// <summary>
/// What counting and limiting cost per new series, and how long status/tsdb takes: targets of 1000 series over 32 partitions, one label of which has a value of its own in
/// each series. CPU time, so that neighbours cost little.
/// </summary>
internal static class CardinalityBenchmark
{
    private const int Partitions = 32;
    private const int SeriesOfTarget = 1000;

    public static int Run(string[] args)
    {
        var count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
        var folder = Directory.CreateTempSubdirectory("actormon-cardinality-").FullName;
        try
        {
            Measure(count, folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return 0;
    }

    private static void Measure(int count, string folder)
    {
        var accounts = new SeriesAccounts(Partitions, new SeriesLimits { Node = count }, TimeProvider.System);
        var symbols = new NodeSymbols();
        var cluster = Guid.NewGuid();
        var stores = new PartitionStore[Partitions];
        for (var p = 0; p < Partitions; p++)
        {
            var directory = Path.Combine(folder, $"p-{p:00}");
            Directory.CreateDirectory(directory);
            stores[p] = PartitionStore.Open(
                new PartitionOptions { Directory = directory, Partition = new PartitionId(p), Partitions = Partitions, ClusterId = cluster, Accounts = accounts },
                symbols, DiskFiles.Instance, TimeProvider.System);
        }
        var series = new LabelSet[count];
        for (var i = 0; i < count; i++)
            series[i] = LabelSet.Of(
                "__name__", $"metric_{i % 200}", "job", $"job-{i / SeriesOfTarget % 50}", "instance", $"10.0.{i / SeriesOfTarget / 256}.{i / SeriesOfTarget % 256}:9100",
                "path", $"/item/{i}", "env", "production");

        var admit = Cpu(() =>
        {
            foreach (var one in series)
                accounts.Admit(one, StableHash.Of(one));
        });
        var store = Cpu(() => Store(stores, series));
        var known = Cpu(() =>
        {
            foreach (var one in series)
                accounts.Admit(one, StableHash.Of(one));
        });
        var refused = Cpu(() =>
        {
            for (var i = 0; i < count; i++)
                accounts.Admit(LabelSet.Of("__name__", "over", "i", i.ToString(CultureInfo.InvariantCulture)), (ulong)i);
        });
        Console.WriteLine($"{count} series, {accounts.Active} active, {accounts.Refused(LimitScope.Node)} refused");
        Console.WriteLine($"admit a new one        {PerSeries(admit, count)}");
        Console.WriteLine($"store it, WAL and all  {PerSeries(store, count)}");
        Console.WriteLine($"admit a known one      {PerSeries(known, count)}");
        Console.WriteLine($"refuse one             {PerSeries(refused, count)}");
        for (var run = 0; run < 3; run++)
        {
            HeadCardinality? found = null;
            var cpu = Cpu(() => found = HeadCardinality.Of([.. stores.Select(s => s.View)], 10));
            Console.WriteLine($"status/tsdb            {cpu.TotalMilliseconds:0} ms CPU: {found!.Series} series, {found.LabelPairs} pairs, {found.Pairs[0]}");
        }
        foreach (var one in stores)
            one.Dispose();
    }

    private static void Store(PartitionStore[] stores, LabelSet[] series)
    {
        var results = new AppendResult[1];
        var now = TimestampMs.From(TimeProvider.System.GetUtcNow());
        var numbers = new long[Partitions];
        for (var first = 0; first < series.Length; first += SeriesOfTarget)
        {
            var labels = series[first..Math.Min(series.Length, first + SeriesOfTarget)];
            var partition = Placement.Of(labels[0], Partitions);
            ulong hash = 0;
            foreach (var one in labels)
                hash = LayoutHash.Append(hash, StableHash.Of(one));
            stores[partition.Value].Append([new SampleBatch
            {
                Writer = new WriterId(1),
                Number = ++numbers[partition.Value],
                Partition = partition,
                Columns = new LayoutColumns
                {
                    Layout = new LayoutId(new WriterId(1), (uint)(first + 1)),
                    SlotCount = labels.Length,
                    ContentHash = hash,
                    FirstNewSlot = 0,
                    NewSeries = labels,
                    Timestamp = now,
                    Values = new double[labels.Length],
                },
            }], results);
            if (results[0].Status != AppendStatus.Accepted)
                throw new InvalidOperationException(results[0].Text);
        }
    }

    private static TimeSpan Cpu(Action work)
    {
        var before = Environment.CpuUsage.TotalTime;
        work();
        return Environment.CpuUsage.TotalTime - before;
    }

    private static string PerSeries(TimeSpan cpu, int count) => string.Create(CultureInfo.InvariantCulture, $"{cpu.TotalNanoseconds / count:0} ns CPU");
}
