using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Results;
using ActorMon.Tsdb.Lifecycle;

namespace ActorMon.Actors.Tests.Reading;

/// <summary>A copy whose part is damaged on the disk, read from its own node and from another.</summary>
public sealed class DamagedCopyTests : IDisposable
{
    private readonly ReadCluster _cluster = new(2, [[0]]);

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public async Task Whichever_node_is_asked_the_answer_names_the_times_that_are_lost()
    {
        await DamageAsync();
        foreach (var node in _cluster.Nodes)
        {
            using var selection = await node.Series.SelectAsync(new SeriesRequest([Matcher.MetricNamed("m")], TimestampMs.Min, TimestampMs.Max), CancellationToken.None);
            var buffer = new SampleBuffer();
            for (var i = 0; i < selection.Count; i++)
                selection.Read(i, buffer);
            Assert.Contains("samples from 2023-11-14T", Assert.Single(selection.Warnings.Distinct()), StringComparison.Ordinal);
            Assert.NotEmpty((await node.Series.LabelNamesAsync([], TimestampMs.Min, TimestampMs.Max, CancellationToken.None)).Warnings);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_query_whose_parts_are_computed_at_the_damaged_copy_names_them_too(int asked)
    {
        await DamageAsync();
        var node = _cluster.Nodes[asked];
        var request = new QueryRequest
        {
            Expression = PromQLParser.Parse("sum(m)", ParserOptions.Default).Expr!,
            Text = "sum(m)",
            Start = 1_700_000_000_000,
            End = 1_700_001_500_000,
            StepMs = 60_000,
        };
        var result = await node.Engine.ExecuteAsync(request, node.Series);
        result.Memory?.Dispose();
        Assert.Contains("samples from 2023-11-14T", Assert.Single(result.Missing), StringComparison.Ordinal);
        Assert.Equal(QueryErrorKind.Unavailable, (await node.Engine.ExecuteAsync(request with { DenyPartial = true }, node.Series)).Error!.Kind);
    }

    private async Task DamageAsync()
    {
        var labels = LabelSet.Of("__name__", "m");
        _cluster.Write([.. Enumerable.Range(0, 100).Select(i => new LooseSample(labels, new TimestampMs(1_700_000_000_000 + i * 15_000), Math.Sin(i)))]);
        var store = _cluster.Nodes[0].Table[new PartitionId(0)]!;
        var pacer = new NodeStorageWork(TimeProvider.System, 1);
        while (store.NextWork() is { } work)
        {
            await pacer.RunAsync(work, CancellationToken.None);
            store.Complete(work);
        }
        Assert.NotEmpty(store.StoredParts());
        foreach (var part in store.StoredParts())
            Flip(_cluster.PathOf(0, new PartitionId(0), $"parts/{part.Sequence:D10}.part"));
    }

    /// <summary>Bits all over the file; what the node has in memory of it, header and directory, stays as it is.</summary>
    private static void Flip(string path)
    {
        var bytes = File.ReadAllBytes(path);
        for (var at = 0; at < bytes.Length; at += 16)
            bytes[at] ^= 1;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Write(bytes);
    }
}
