using ActorMon.Host.Cluster.Facts;
using ActorMon.Model.Matchers;
using ActorMon.Protocol.Facts;

namespace ActorMon.Host.Tests.Cluster;

public sealed class HeadFactsTests
{
    [Fact]
    public void Values_that_several_nodes_tell_are_one_value_with_the_series_of_all()
    {
        var merged = HeadFacts.Merge([
            Part(3, 5, 10, 20, ("__name__", "up", 2), ("__name__", "a", 1), ("job", "x", 3)),
            Part(4, 6, 5, 15, ("__name__", "up", 1), ("__name__", "b", 3), ("job", "x", 2), ("job", "yy", 2)),
        ], 10);
        Assert.Equal((7, 5, 11, 5, 20), (merged.Series, merged.LabelPairs, merged.Chunks, merged.MinTime, merged.MaxTime));
        Assert.Equal("b=3 up=3 a=1", string.Join(' ', merged.Metrics.Select(m => $"{m.Value}={m.Series}")));
        Assert.Equal("job.x=5 __name__.b=3 __name__.up=3 job.yy=2 __name__.a=1", string.Join(' ', merged.Pairs.Select(p => $"{p.Name}.{p.Value}={p.Series}")));
        Assert.Equal("__name__ 3 7 10, job 2 7 9", string.Join(", ", merged.Labels.Select(l => $"{l.Name} {l.Values} {l.Series} {l.Bytes}")));
    }

    [Fact]
    public void Rankings_end_at_their_length_and_equal_counts_are_in_the_order_of_their_names()
    {
        var merged = HeadFacts.Merge([Part(1, 1, 0, 0, [.. Enumerable.Range(0, 50).Select(i => ("l", $"v{i:D2}", 1L))]), Part(1, 1, 0, 0, ("l", "v40", 1), ("k", "z", 1))], 3);
        Assert.Equal("l.v40 k.z l.v00", string.Join(' ', merged.Pairs.Select(p => $"{p.Name}.{p.Value}")));
    }

    [Fact]
    public void In_whatever_order_nodes_answer_the_result_is_the_same()
    {
        HeadOfPartitions[] parts = [Part(1, 1, 3, 9, ("a", "x", 4), ("b", "y", 4)), Part(2, 2, 1, 5, ("b", "y", 1), ("c", "z", 5)), Part(0, 0, long.MaxValue, long.MinValue)];
        var (one, other) = (HeadFacts.Merge(parts, 2), HeadFacts.Merge([.. parts.Reverse()], 2));
        Assert.Equal(one.Pairs, other.Pairs);
        Assert.Equal(one.Labels, other.Labels);
        Assert.Equal((one.MinTime, one.MaxTime), (other.MinTime, other.MaxTime));
        Assert.Equal((1, 9), (one.MinTime, one.MaxTime));
    }

    [Fact]
    public void Selectors_come_over_as_they_are()
    {
        var question = new HeadQuestion();
        question.Selectors.Add([[new Matcher(MatchOperator.NotRegex, "job", "a|b")], [new Matcher(MatchOperator.Equal, "x", "\udcff")]]);
        var back = HeadQuestion.Parser.ParseFrom(Google.Protobuf.MessageExtensions.ToByteArray(question)).Selectors.FromWire();
        Assert.Equal("job!~\"a|b\"", string.Join(',', back[0]));
        Assert.Equal("\udcff", back[1][0].Value);
        question.Selectors[0].Matchers[0].Operator = 9;
        Assert.Throws<FormatException>(() => question.Selectors.FromWire());
    }

    private static HeadOfPartitions Part(long series, long chunks, long min, long max, params (string Name, string Value, long Series)[] values)
    {
        var part = new HeadOfPartitions { Series = series, Chunks = chunks, MinTime = min, MaxTime = max };
        foreach (var label in values.GroupBy(v => v.Name))
        {
            var row = new ValuesOfLabel { Name = FactTexts.Bytes(label.Key) };
            row.Values.AddRange(label.Select(v => FactTexts.Bytes(v.Value)));
            row.Series.AddRange(label.Select(v => v.Series));
            part.Labels.Add(row);
        }
        return part;
    }
}
