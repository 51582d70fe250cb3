using System.Globalization;
using ActorMon.Exposition.Lexing;
using ActorMon.Exposition.Numbers;
using ActorMon.Exposition.Parsing;
using ActorMon.Model.Labels;
using ActorMon.Model.Metadata;
using ActorMon.Model.Names;
using ActorMon.Model.Text;

namespace ActorMon.Exposition.Families;

/// <summary>
/// Reads a whole document of the Prometheus text format into families (the parser of Prometheus' client library): stricter than the scrape parser, and what the
/// Pushgateway and the metrics check take. Families come in the order of their first line; those without samples are left out.
/// </summary>
public sealed class TextFamilyParser
{
    private readonly TextCursor _cursor;
    private readonly NameValidation _validation;
    private readonly Dictionary<string, FamilyBuilder> _families = new(StringComparer.Ordinal);
    private readonly List<FamilyBuilder> _order = [];
    private readonly List<Label> _labels = [];
    private FamilyBuilder? _family;
    private string _suffix = "";
    private double _special;
    private int _lineNumber;

    private TextFamilyParser(ReadOnlyMemory<byte> body, NameValidation validation)
    {
        _cursor = new TextCursor(body);
        _validation = validation;
    }

    /// <exception cref="ExpositionException"><c>text format parsing error in line N: ...</c></exception>
    public static IReadOnlyList<MetricFamily> Parse(ReadOnlyMemory<byte> body, NameValidation validation = NameValidation.Utf8)
    {
        var parser = new TextFamilyParser(body, validation);
        try
        {
            while (parser.ReadLine())
            {
            }
        }
        catch (TextFault fault)
        {
            throw new ExpositionException(string.Create(CultureInfo.InvariantCulture, $"text format parsing error in line {parser._lineNumber}: {fault.Message}"));
        }
        return [.. parser._order.Where(f => f.HasMetrics).Select(f => f.Build())];
    }

    private bool ReadLine()
    {
        _lineNumber++;
        _family = null;
        _labels.Clear();
        _cursor.TrySkipBlanks();
        if (_cursor.AtEnd)
            return false;
        switch (_cursor.Current)
        {
            case (byte)'\n':
                _cursor.Advance();
                return true;
            case (byte)'#':
                _cursor.Advance();
                ReadComment();
                return true;
            case (byte)'{':
                ReadLabels(nameInBraces: true);
                break;
            default:
                var name = _cursor.ReadName("metric name", Bytes.IsMetricStart, Bytes.MetricNameRun);
                if (name.Length == 0)
                    throw new TextFault("invalid metric name");
                StartFamily(name);
                _cursor.SkipBlanks();
                if (_cursor.Current == '{')
                    ReadLabels(nameInBraces: false);
                break;
        }
        ReadSample();
        return true;
    }

    private void ReadComment()
    {
        _cursor.SkipBlanks();
        var keyword = _cursor.ReadWord();
        var isHelp = keyword.SequenceEqual("HELP"u8);
        if ((!isHelp && !keyword.SequenceEqual("TYPE"u8)) || _cursor.Current == '\n')
        {
            _cursor.SkipLine();
            return;
        }
        _cursor.SkipBlanks();
        if (_cursor.Current == '\n')
        {
            _cursor.Advance();
            return;
        }
        var name = _cursor.ReadName("metric name", Bytes.IsMetricStart, Bytes.MetricNameRun);
        if (_cursor.Current == '\n')
        {
            _cursor.Advance();
            return;
        }
        if (!Bytes.IsBlank(_cursor.Current))
            throw new TextFault("invalid metric name in comment");
        var family = SelectFamily(name);
        _cursor.SkipBlanks();
        if (_cursor.Current == '\n')
        {
            _cursor.Advance();
            return;
        }
        if (isHelp)
            ReadHelp(family);
        else
            ReadType(family);
    }

    private void ReadHelp(FamilyBuilder family)
    {
        if (family.Help is not null)
            throw new TextFault($"second HELP line for metric name {GoQuote.Quote(family.Name)}");
        family.Help = _cursor.ReadHelp();
    }

    private void ReadType(FamilyBuilder family)
    {
        if (family.Type is not null)
            throw new TextFault($"second TYPE line for metric name {GoQuote.Quote(family.Name)}, or TYPE reported after samples");
        var text = ByteText.Decode(_cursor.ReadToLinebreak());
        family.Type = text.ToUpperInvariant() switch
        {
            "COUNTER" => MetricType.Counter,
            "GAUGE" => MetricType.Gauge,
            "SUMMARY" => MetricType.Summary,
            "UNTYPED" => MetricType.Unknown,
            "HISTOGRAM" => MetricType.Histogram,
            "GAUGE_HISTOGRAM" or "GAUGEHISTOGRAM" => MetricType.GaugeHistogram,
            _ => throw new TextFault($"unknown metric type {GoQuote.Quote(text)}"),
        };
    }

    /// <summary>The braces and what is in them; the cursor then stands behind them.</summary>
    private void ReadLabels(bool nameInBraces)
    {
        _cursor.Advance();
        while (true)
        {
            _cursor.SkipBlanks();
            if (_cursor.Current == '}')
                break;
            var name = _cursor.ReadName("label name", Bytes.IsLabelStart, Bytes.LabelNameRun);
            if (name.Length == 0)
                throw new TextFault($"invalid label name for metric {Quoted(_family)}");
            _cursor.SkipBlanks();
            if (_cursor.Current == '=')
            {
                _cursor.Advance();
                ReadLabel(name);
            }
            else
            {
                ReadNameInBraces(name, nameInBraces);
            }
            if (_cursor.Current == '}')
                break;
            _cursor.Advance();
        }
        if (_family is null)
            throw new TextFault("invalid metric name");
        _cursor.Advance();
    }

    private void ReadNameInBraces(string name, bool allowed)
    {
        var found = _cursor.Current;
        if (!allowed)
            throw new TextFault($"expected '=' after label name, found '{(char)found}'");
        if (_family is not null)
            throw new TextFault($"multiple metric names for metric {Quoted(_family)}");
        if (found is not ((byte)',' or (byte)'}'))
            throw new TextFault($"unexpected end of metric name '{(char)found}'");
        StartFamily(name);
    }

    private void ReadLabel(string name)
    {
        if (name == LabelNames.MetricName)
            throw new TextFault($"label name \"{LabelNames.MetricName}\" is reserved");
        if (!NameValidator.IsValidLabelName(name, _validation))
            throw new TextFault($"invalid label name {GoQuote.Quote(name)}");
        var isQuantile = _family is { IsSummary: true } && name == LabelNames.Quantile;
        var isBucket = _family is { IsHistogram: true } && name == LabelNames.Bucket;
        foreach (var label in _labels)
            if (label.Name == name)
                throw new TextFault($"duplicate label names for metric {Quoted(_family)}");
        _cursor.SkipBlanks();
        if (_cursor.Current != '"')
            throw new TextFault($"expected '\"' at start of label value, found '{(char)_cursor.Current}'");
        var value = _cursor.ReadLabelValue();
        if (!NameValidator.IsValidLabelValue(value))
            throw new TextFault($"invalid label value {GoQuote.Quote(value)}");
        if (isQuantile || isBucket)
        {
            if (FloatReader.Read(ByteText.Encode(value), out _special) != FloatFault.None)
                throw new TextFault($"expected float as value for '{name}' label, got {GoQuote.Quote(value)}");
        }
        else
        {
            _labels.Add(new Label(name, value));
        }
        _cursor.SkipBlanks();
        if (_family is null && _cursor.Current == '}')
            throw new TextFault("invalid metric name");
        if (_cursor.Current is not ((byte)',' or (byte)'}'))
            throw new TextFault($"unexpected end of label value {GoQuote.Quote(value)}");
    }

    private void ReadSample()
    {
        _cursor.SkipBlanks();
        var text = _cursor.ReadWord();
        if (FloatReader.Read(text, out var value) != FloatFault.None)
            throw new TextFault($"expected float as value, got {GoQuote.Quote(ByteText.Decode(text))}");
        var metric = _family!.MetricOf(_labels);
        Store(metric, value);
        if (_cursor.Current == '\n')
        {
            _cursor.Advance();
            return;
        }
        _cursor.SkipBlanks();
        text = _cursor.ReadWord();
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var timestamp))
            throw new TextFault($"expected integer as timestamp, got {GoQuote.Quote(ByteText.Decode(text))}");
        metric.TimestampMs = timestamp;
        var rest = _cursor.ReadToLinebreak();
        if (!rest.IsEmpty)
            throw new TextFault($"spurious string after timestamp: {GoQuote.Quote(ByteText.Decode(rest))}");
    }

    private void Store(MetricBuilder metric, double value)
    {
        var family = _family!;
        if (!family.IsSummary && !family.IsHistogram)
        {
            metric.Value = value;
            return;
        }
        switch (_suffix)
        {
            case "_count" when family.IsHistogram && value < 0:
                throw new TextFault($"negative count for histogram {Quoted(family)}");
            case "_count":
                metric.SetCount(value);
                break;
            case "_sum":
                metric.Sum = value;
                break;
            default:
                if (double.IsNaN(_special))
                    break;
                if (family.IsSummary)
                    metric.AddQuantile(_special, value);
                else if (value < 0)
                    throw new TextFault($"negative bucket population for histogram {Quoted(family)}");
                else
                    metric.AddBucket(_special, value);
                break;
        }
    }

    private void StartFamily(string name)
    {
        _family = SelectFamily(name);
        _family.Type ??= MetricType.Unknown;
        _special = double.NaN;
    }

    /// <summary>The family of that name, or the summary or histogram the name is a part of, or a new one.</summary>
    private FamilyBuilder SelectFamily(string name)
    {
        _suffix = "";
        if (!NameValidator.IsValidMetricName(name, _validation))
            throw new TextFault($"invalid metric name {GoQuote.Quote(name)}");
        if (_families.TryGetValue(name, out var family))
            return family;
        foreach (var suffix in (ReadOnlySpan<string>)["_count", "_sum", "_bucket"])
        {
            if (!name.EndsWith(suffix, StringComparison.Ordinal) || !_families.TryGetValue(name[..^suffix.Length], out family))
                continue;
            if (!family.IsHistogram && !(family.IsSummary && suffix != "_bucket"))
                continue;
            _suffix = suffix;
            return family;
        }
        family = new FamilyBuilder(name);
        _families[name] = family;
        _order.Add(family);
        return family;
    }

    private static string Quoted(FamilyBuilder? family) => GoQuote.Quote(family?.Name ?? "");
}
