using System.Diagnostics;
using ActorMon.Exposition.Families;
using ActorMon.Exposition.Parsing;
using ActorMon.Exposition.Strict;
using ActorMon.Model.Exemplars;
using ActorMon.Model.Labels;

namespace ActorMon.Exposition.Tests.Fuzz;

/// <summary>Whatever arrives, a parser ends, and refuses only by ExpositionException.</summary>
public class ParsersUnderDamage
{
    private const int Rounds = 5_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Text_parser_refuses_only_by_its_own_exception(bool convert) =>
        Damage(Documents.Text(), ExpositionParsers.Create(ExpositionFormat.PrometheusText, new ExpositionOptions(ConvertClassic: convert, AlwaysClassic: convert)));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void OpenMetrics_parser_refuses_only_by_its_own_exception(bool convert) =>
        Damage(Documents.OpenMetrics(), ExpositionParsers.Create(
            ExpositionFormat.OpenMetrics, new ExpositionOptions(ConvertClassic: convert, StartTimestamps: true, TypeAndUnitLabels: convert)));

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Protobuf_parser_refuses_only_by_its_own_exception(bool native, bool convert) =>
        Damage(Documents.Protobuf(), ExpositionParsers.Create(
            ExpositionFormat.Protobuf, new ExpositionOptions(NativeHistograms: native, AlwaysClassic: !convert, ConvertClassic: convert)));

    [Fact]
    public void Family_parser_and_strict_checker_refuse_only_by_value_or_their_own_exception()
    {
        var random = new Random(4711);
        for (var round = 0; round < Rounds / 4; round++)
        {
            var text = Mutation.Of(Documents.Text(), random);
            Guard(text, () => TextFamilyParser.Parse(text));
            var openMetrics = Mutation.Of(Documents.OpenMetrics(), random);
            Guard(openMetrics, () => OpenMetricsChecker.Check(openMetrics));
        }
    }

    private static void Damage(byte[] document, ExpositionParser parser)
    {
        var random = new Random(42);
        Guard(document, () => Drain(parser, document));
        for (var round = 0; round < Rounds; round++)
        {
            var damaged = Mutation.Of(document, random);
            Guard(damaged, () => Drain(parser, damaged));
        }
    }

    private static void Drain(ExpositionParser parser, byte[] document)
    {
        var labels = new LabelSetBuilder();
        var exemplars = new List<(Exemplar, bool)>();
        parser.Reset(document);
        for (var entries = 0; ; entries++)
        {
            // No entry can be shorter than a byte, and a classic histogram yields a few more than it has buckets.
            Assert.True(entries <= document.Length * 2 + 10, "the parser does not end");
            switch (parser.Next())
            {
                case ExpositionEntry.End:
                    return;
                case ExpositionEntry.Series or ExpositionEntry.Histogram:
                    parser.ReadLabels(labels);
                    exemplars.Clear();
                    parser.ReadExemplars(exemplars);
                    _ = parser.StartTimestampMs;
                    _ = parser.SeriesKey.Length;
                    break;
                case ExpositionEntry.Comment:
                    _ = parser.Text.Length;
                    break;
                default:
                    _ = parser.FamilyName.Length;
                    _ = parser.Text.Length;
                    break;
            }
        }
    }

    private static void Guard(byte[] document, Action parse)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            parse();
        }
        catch (ExpositionException)
        {
        }
        catch (Exception e)
        {
            Assert.Fail($"{e.GetType().Name}: {e.Message}\n{e.StackTrace}\n{Documents.Show(document)}");
        }
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20), "the parser hangs on " + Documents.Show(document));
    }
}
