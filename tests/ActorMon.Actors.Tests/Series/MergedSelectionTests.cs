using ActorMon.Actors.Series;
using ActorMon.Model.Labels;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Testing.Storage;

namespace ActorMon.Actors.Tests.Series;

public sealed class MergedSelectionTests
{
    private static readonly SeriesRequest Everything = new([], TimestampMs.Min, TimestampMs.Max);

    [Fact]
    public async Task Series_split_over_partitions_come_in_the_order_and_with_the_samples_of_the_whole()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var whole = new MemorySeriesSource();
            var parts = Enumerable.Range(0, random.Next(1, 9)).Select(_ => new MemorySeriesSource()).ToArray();
            for (var i = random.Next(60); i > 0; i--)
            {
                var labels = RandomLabels(random);
                // A series lies in one partition.
                var part = parts[(uint)labels.GetHashCode() % parts.Length];
                for (var n = random.Next(1, 4); n > 0; n--)
                {
                    var (time, value) = (random.Next(1000), random.NextDouble());
                    whole.Add(labels, time, value);
                    part.Add(labels, time, value);
                }
            }
            var selections = new List<ISeriesSelection>();
            foreach (var part in parts)
                selections.Add(await part.SelectAsync(Everything, CancellationToken.None));

            using var expected = await whole.SelectAsync(Everything, CancellationToken.None);
            using var merged = MergedSelection.Of(selections);

            Assert.Equal(Read(expected), Read(merged));
        }
    }

    private static List<string> Read(ISeriesSelection selection)
    {
        var read = new List<string>();
        var buffer = new SampleBuffer();
        for (var i = 0; i < selection.Count; i++)
        {
            selection.Read(i, buffer);
            read.Add($"{selection.LabelsAt(i)} {string.Join(' ', buffer.Times.ToArray())} {string.Join(' ', buffer.Values.ToArray())}");
        }
        return read;
    }

    /// <summary>Names that are prefixes of each other and characters whose UTF-16 order is not their UTF-8 order.</summary>
    private static LabelSet RandomLabels(Random random)
    {
        string[] texts = ["a", "aa", "b", "ü", "\uFFFD", "\U0001F600", "z"];
        var builder = new LabelSetBuilder();
        for (var i = random.Next(1, 4); i > 0; i--)
            builder.Set(texts[random.Next(3)], texts[random.Next(texts.Length)]);
        return builder.Build();
    }
}
