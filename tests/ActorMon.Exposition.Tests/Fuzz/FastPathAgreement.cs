using ActorMon.Exposition.Parsing;
using ActorMon.Model.Labels;

namespace ActorMon.Exposition.Tests.Fuzz;

/// <summary>Whether a series is taken by its key or by its line must make no difference, in damaged documents too.</summary>
public class FastPathAgreement
{
    [Theory]
    [InlineData(ExpositionFormat.PrometheusText, false)]
    [InlineData(ExpositionFormat.OpenMetrics, false)]
    [InlineData(ExpositionFormat.OpenMetrics, true)]
    [InlineData(ExpositionFormat.PrometheusText, true)]
    public void Taking_series_by_key_gives_what_taking_them_by_line_gives(ExpositionFormat format, bool starts)
    {
        var random = new Random(7);
        var options = new ExpositionOptions(StartTimestamps: starts, ConvertClassic: starts && format == ExpositionFormat.PrometheusText);
        ExpositionParser byLine = ExpositionParsers.Create(format, options), byKey = ExpositionParsers.Create(format, options);
        var document = format == ExpositionFormat.OpenMetrics ? Documents.OpenMetrics() : Documents.Text();
        for (var round = 0; round < 2_000; round++)
        {
            var damaged = round == 0 ? document : Mutation.Of(document, random);
            byLine.Reset(damaged);
            byKey.Reset(damaged);
            Compare(byLine, byKey, damaged);
        }
    }

    private static void Compare(ExpositionParser byLine, ExpositionParser byKey, byte[] document)
    {
        LabelSetBuilder first = new(), second = new();
        while (true)
        {
            var error = Try(byLine.Next, out var entry);
            ExpositionEntry other;
            string? otherError = null;
            if (error is null && entry == ExpositionEntry.Series && byKey.TryNextKnown(byLine.SeriesKey))
                other = ExpositionEntry.Series;
            else
                otherError = Try(byKey.Next, out other);
            Assert.True(error == otherError, $"{error} / {otherError} in {Documents.Show(document)}");
            if (error is not null)
                return;
            Assert.Equal(entry, other);
            if (entry == ExpositionEntry.End)
                return;
            if (entry is not (ExpositionEntry.Series or ExpositionEntry.Histogram))
                continue;
            Assert.True(byLine.SeriesKey.SequenceEqual(byKey.SeriesKey), Documents.Show(document));
            Assert.Equal(BitConverter.DoubleToInt64Bits(byLine.Value), BitConverter.DoubleToInt64Bits(byKey.Value));
            Assert.Equal(byLine.TimestampMs, byKey.TimestampMs);
            Assert.Equal(byLine.StartTimestampMs, byKey.StartTimestampMs);
            var labelError = Try(() => { byLine.ReadLabels(first); return 0; }, out _);
            Assert.Equal(labelError, Try(() => { byKey.ReadLabels(second); return 0; }, out _));
            if (labelError is null)
                Assert.Equal(first.Build(), second.Build());
        }
    }

    private static string? Try<T>(Func<T> act, out T? result)
    {
        try
        {
            result = act();
            return null;
        }
        catch (ExpositionException e)
        {
            result = default;
            return e.Message;
        }
    }
}
