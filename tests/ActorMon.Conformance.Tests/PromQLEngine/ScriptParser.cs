using System.Globalization;
using System.Text.RegularExpressions;
using ActorMon.Model.Time;
using ActorMon.PromQL.Parsing;

namespace ActorMon.Conformance.Tests.PromQLEngine;

/// <summary>Reads the .test language (shared/conformance/README.md) into commands.</summary>
internal sealed partial class ScriptParser
{
    private readonly string[] _lines;
    private int _at;

    private ScriptParser(string script) => _lines = [.. script.Split('\n').Select(line => line.Trim()).Select(line => line.StartsWith('#') ? "" : line)];

    public static List<ScriptCommand> Parse(string script) => new ScriptParser(script).Commands();

    private List<ScriptCommand> Commands()
    {
        var commands = new List<ScriptCommand>();
        for (; _at < _lines.Length; _at++)
        {
            if (_lines[_at].Length == 0)
                continue;
            var word = _lines[_at].Split(' ', '\t')[0].ToLowerInvariant();
            commands.Add(word switch
            {
                "clear" => new ClearCommand(_at + 1),
                "load" or "load_with_nhcb" => Load(),
                _ when word.StartsWith("eval", StringComparison.Ordinal) => Eval(),
                _ => throw new ScriptException($"line {_at + 1}: invalid command \"{_lines[_at]}\""),
            });
        }
        return commands;
    }

    private LoadCommand Load()
    {
        var line = _at + 1;
        var words = _lines[_at].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 2)
            throw new ScriptException($"line {line}: invalid load command. (load[_with_nhcb] <step:duration>)");
        var step = Duration(words[1]);
        var series = new List<ScriptSeries>();
        var histograms = false;
        var pending = ((string Metric, List<long?> Items)?)null;
        foreach (var definition in Block())
        {
            if (StartTimes.TryParse(definition, out var metric, out var items))
            {
                if (pending is not null)
                    throw new ScriptException($"line {_at + 1}: @st line without series");
                pending = (metric, items);
                continue;
            }
            histograms |= definition.Contains("{{", StringComparison.Ordinal);
            var parsed = SeriesNotation.Parse(definition);
            if (pending is { } st && (st.Items.Count != parsed.Values.Count || SeriesNotation.ParseMetric(st.Metric) is var labels && !labels.Equals(parsed.Labels)))
                throw new ScriptException($"line {_at + 1}: @st line does not fit its series");
            if (pending is { } offsets)
                parsed = parsed with { StartTimes = offsets.Items };
            pending = null;
            series.RemoveAll(known => known.Labels.Equals(parsed.Labels));
            series.Add(parsed);
        }
        if (pending is not null)
            throw new ScriptException($"line {_at + 1}: @st line without series");
        return new LoadCommand(line, step, series, words[0].Equals("load_with_nhcb", StringComparison.OrdinalIgnoreCase), histograms);
    }

    private EvalCommand Eval()
    {
        var line = _lines[_at];
        EvalCommand command;
        string old;
        if (InstantPattern().Match(line) is { Success: true } instant)
        {
            old = instant.Groups[1].Value;
            var time = EvalDuration(instant.Groups[2].Value, instant.Groups[3].Value);
            command = new EvalCommand(_at + 1, instant.Groups[3].Value, true, time, time, 0);
        }
        else if (RangePattern().Match(line) is { Success: true } range)
        {
            old = range.Groups[1].Value;
            var query = range.Groups[5].Value;
            command = new EvalCommand(
                _at + 1, query, false, EvalDuration(range.Groups[2].Value, query), EvalDuration(range.Groups[3].Value, query), EvalDuration(range.Groups[4].Value, query));
            if (command.End < command.Start)
                throw new ScriptException($"error in eval {query} (line {_at + 1}): invalid test definition, end timestamp is before start timestamp");
        }
        else
            throw new ScriptException($"line {_at + 1}: invalid evaluation command");
        command.OldForm = old;
        if (PromQLParser.Parse(command.Query, ParserOptions.All) is { Success: false } failed)
            throw new ScriptException($"line {_at + 1}: the query does not parse: {failed.ErrorText}");
        foreach (var definition in Block())
            if (!new ExpectationReader(command).Read(definition))
                break;
        return command;
    }

    /// <summary>The lines up to the next empty one.</summary>
    private IEnumerable<string> Block()
    {
        while (_at + 1 < _lines.Length && _lines[_at + 1].Length > 0)
            yield return _lines[++_at];
    }

    private long EvalDuration(string text, string query) => PrometheusDuration.TryParse(text, out var duration, out _)
        ? (long)duration.TotalMilliseconds
        : throw new ScriptException($"error in eval {query} (line {_at + 1}): invalid timestamp definition \"{text}\": not a valid duration string: \"{text}\"");

    private static long Duration(string text) => PrometheusDuration.TryParse(text, out var duration, out _)
        ? (long)duration.TotalMilliseconds
        : throw new ScriptException(string.Create(CultureInfo.InvariantCulture, $"not a valid duration string: \"{text}\""));

    [GeneratedRegex(@"^eval(?:_(fail|warn|ordered|info))?\s+instant\s+(?:at\s+(\S+))?\s+(.+)$", RegexOptions.CultureInvariant)]
    private static partial Regex InstantPattern();

    [GeneratedRegex(@"^eval(?:_(fail|warn|info))?\s+range\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)\s+(.+)$", RegexOptions.CultureInvariant)]
    private static partial Regex RangePattern();
}
