using System.Text.RegularExpressions;
using ActorMon.Model.Time;
using ActorMon.PromQL.Ast;
using ActorMon.PromQL.Parsing;

namespace ActorMon.Conformance.Tests.PromQLEngine;

/// <summary>Reads the lines below an eval.</summary>
internal sealed partial class ExpectationReader(EvalCommand command)
{
    /// <returns>False when the block ends here.</returns>
    public bool Read(string line)
    {
        if (command.OldForm == "fail" && line.StartsWith("expected_fail_message", StringComparison.Ordinal))
        {
            command.Expectations.Add(new Expectation(ExpectationKind.Fail, line["expected_fail_message".Length..].Trim(), null));
            return false;
        }
        if (command.OldForm == "fail" && line.StartsWith("expected_fail_regexp", StringComparison.Ordinal))
        {
            command.Expectations.Add(new Expectation(ExpectationKind.Fail, null, Pattern(line["expected_fail_regexp".Length..].Trim())));
            return false;
        }
        if (line.StartsWith("expect range vector", StringComparison.Ordinal))
            return ReadRangeVector(line);
        if (line.StartsWith("expect string", StringComparison.Ordinal))
            return ReadString(line["expect string".Length..].Trim());
        if (line.Split(' ')[0] == "expect")
            return ReadExpect(line);
        if (TryNumber(line, out var number))
        {
            command.Scalar = number;
            return false;
        }
        return ReadSeries(line);
    }

    private bool ReadSeries(string line)
    {
        command.HasHistograms |= line.Contains("{{", StringComparison.Ordinal);
        var series = SeriesNotation.Parse(line);
        if (series.Values.Count > 1 && command.Instant && command.RangeVector is null)
            Refuse("expecting multiple values in instant evaluation not allowed");
        command.Series.RemoveAll(known => known.Labels.Equals(series.Labels));
        command.Series.Add(series);
        return true;
    }

    private bool ReadExpect(string line)
    {
        var match = ExpectPattern().Match(line);
        if (!match.Success)
            Refuse("invalid expect statement, must match `expect <type> <match_type>: <string>` format");
        var kind = Enum.Parse<ExpectationKind>(match.Groups[1].Value.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
        var text = match.Groups[3].Value.Trim();
        command.Expectations.Add(match.Groups[2].Value switch
        {
            "msg" => new Expectation(kind, text, null),
            "regex" => new Expectation(kind, null, Pattern(text)),
            _ => new Expectation(kind, null, null),
        });
        if (command.Expectations.Count(expectation => expectation.Kind == ExpectationKind.Fail) > 1)
            Refuse("invalid expect lines, multiple expect fail lines are not allowed");
        if (command.Expects(ExpectationKind.Warn) && command.Expects(ExpectationKind.NoWarn))
            Refuse("invalid expect lines, warn and no_warn cannot be used together");
        if (command.Expects(ExpectationKind.Info) && command.Expects(ExpectationKind.NoInfo))
            Refuse("invalid expect lines, info and no_info cannot be used together");
        return true;
    }

    private bool ReadRangeVector(string line)
    {
        var match = RangeVectorPattern().Match(line);
        if (!match.Success
            || !PrometheusDuration.TryParse(match.Groups[1].Value, out var from, out _)
            || !PrometheusDuration.TryParse(match.Groups[2].Value, out var to, out _)
            || !PrometheusDuration.TryParse(match.Groups[3].Value, out var step, out _))
        {
            Refuse($"invalid range vector definition \"{line}\"");
            return false;
        }
        command.RangeVector = ((long)from.TotalMilliseconds, (long)to.TotalMilliseconds, (long)step.TotalMilliseconds);
        return true;
    }

    private bool ReadString(string quoted)
    {
        if (quoted.Length == 0 || PromQLParser.Parse(quoted, ParserOptions.All).Expr is not StringLiteral literal)
        {
            Refuse("expected string literal not valid");
            return false;
        }
        command.String = literal.Value;
        return true;
    }

    private static bool TryNumber(string text, out double number)
    {
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && long.TryParse(text.AsSpan(2), System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture, out var hex))
        {
            number = hex;
            return true;
        }
        return Model.Text.GoFloatParser.TryParse(text, out number);
    }

    private Regex Pattern(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (ArgumentException)
        {
            throw new ScriptException($"error in eval {command.Query} (line {command.Line}): invalid regexp '{pattern}'");
        }
    }

    private void Refuse(string text) => throw new ScriptException($"error in eval {command.Query} (line {command.Line}): {text}");

    [GeneratedRegex(@"^expect\s+(ordered|fail|warn|no_warn|info|no_info)(?:\s+(regex|msg):(.+))?$", RegexOptions.CultureInvariant)]
    private static partial Regex ExpectPattern();

    [GeneratedRegex(@"^expect\s+range\s+vector\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)$", RegexOptions.CultureInvariant)]
    private static partial Regex RangeVectorPattern();
}
