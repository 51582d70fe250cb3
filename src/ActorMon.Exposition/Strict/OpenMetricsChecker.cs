using ActorMon.Exposition.Parsing;
using ActorMon.Model.Exemplars;
using ActorMon.Model.Labels;
using ActorMon.Model.Text;

namespace ActorMon.Exposition.Strict;

/// <summary>
/// Checks an OpenMetrics 1.0 text document against the whole specification: what the scrape parser refuses, and families as a whole. A syntax error ends the check.
/// </summary>
public sealed class OpenMetricsChecker
{
    /// <summary>More problems of one document are not collected.</summary>
    public const int MaxProblems = 1000;
    private const int MaxExemplarRunes = 128;

    private readonly List<ExpositionProblem> _problems = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<(Exemplar Exemplar, bool HasTimestamp)> _exemplars = [];
    private readonly LabelSetBuilder _builder = new();
    private readonly OpenMetricsParser _parser;
    private StrictFamily? _family;
    private int _line = 1;

    private OpenMetricsChecker(ReadOnlyMemory<byte> body) => _parser = new OpenMetricsParser(body);

    /// <summary>The problems in document order; none: the document is valid.</summary>
    public static IReadOnlyList<ExpositionProblem> Check(ReadOnlyMemory<byte> body)
    {
        var checker = new OpenMetricsChecker(body);
        checker.Run(body);
        return checker._problems;
    }

    private void Run(ReadOnlyMemory<byte> body)
    {
        var consumed = 0;
        try
        {
            while (true)
            {
                // The line about to be read is known by the line feeds before it, whatever quoted names hold.
                _line += body.Span[consumed.._parser.Consumed].Count((byte)'\n');
                consumed = _parser.Consumed;
                var entry = _parser.Next();
                if (entry == ExpositionEntry.End || _problems.Count >= MaxProblems)
                    break;
                Visit(entry);
            }
        }
        catch (ExpositionException e)
        {
            Complain(e.Message);
        }
        CloseFamily();
    }

    private void Visit(ExpositionEntry entry)
    {
        switch (entry)
        {
            case ExpositionEntry.Type:
                Select(ByteText.Decode(_parser.FamilyName)).SetType(_parser.FamilyType);
                break;
            case ExpositionEntry.Help:
                Select(ByteText.Decode(_parser.FamilyName)).SetHelp();
                break;
            case ExpositionEntry.Unit:
                Select(ByteText.Decode(_parser.FamilyName)).SetUnit(ByteText.Decode(_parser.Text));
                break;
            case ExpositionEntry.Series:
                VisitSample();
                break;
        }
    }

    private void VisitSample()
    {
        if (_parser.SeriesKey.EndsWith(",}"u8))
            Complain("comma after the last label");
        // An empty label value makes another metric here, so a label set that drops them will not do.
        var labels = _parser.ReadExposedLabels(_builder);
        var sampleName = labels.MetricName;
        _builder.Reset(labels);
        labels = _builder.Remove(LabelNames.MetricName).Build();
        var suffix = _family?.SuffixOf(sampleName);
        if (suffix is null)
            suffix = Open(sampleName).SuffixOf(sampleName) ?? "";
        _exemplars.Clear();
        _parser.ReadExemplars(_exemplars);
        _family!.AddSample(suffix, labels, _parser.Value, _parser.TimestampSeconds, _exemplars.Count > 0);
        foreach (var (exemplar, _) in _exemplars)
            CheckExemplar(exemplar);
    }

    private void CheckExemplar(Exemplar exemplar)
    {
        var runes = 0;
        foreach (var label in exemplar.Labels)
            runes += Runes(label.Name) + Runes(label.Value);
        if (runes > MaxExemplarRunes)
            Complain($"exemplar labels hold {runes} characters, more than {MaxExemplarRunes}");
    }

    private static int Runes(string text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
            count++;
        return count;
    }

    private StrictFamily Select(string name) => _family?.Name == name ? _family : Open(name);

    private StrictFamily Open(string name)
    {
        CloseFamily();
        return _family = new StrictFamily(name, Complain);
    }

    private void CloseFamily()
    {
        if (_family is null)
            return;
        _family.Finish();
        var clash = !_names.Add(_family.Name);
        foreach (var suffix in FamilyShape.Suffixes(_family.Type))
            if (suffix.Length > 0)
                clash |= !_names.Add(_family.Name + suffix);
        if (clash)
            Complain($"family {GoQuote.Quote(_family.Name)} clashes with the names of an earlier family");
        _family = null;
    }

    private void Complain(string text)
    {
        if (_problems.Count < MaxProblems)
            _problems.Add(new ExpositionProblem(_line, text));
    }
}
