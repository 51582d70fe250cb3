using ActorMon.Model.Ingest;
using ActorMon.Model.Samples;
using ActorMon.PromQL.Parsing;
using ActorMon.PromQL.Parsing.SeriesDescription;

namespace ActorMon.Rules.UnitTests;

/// <summary>Feeds a test's series to its storage as time goes on: what lies in the future of an evaluation is not there yet.</summary>
internal sealed class InputLoader
{
    private readonly List<(DescribedSeries Series, int Next)> _input = [];
    private readonly long _interval;
    private readonly TimestampMs _start;

    private InputLoader(TimestampMs start, TimeSpan interval)
    {
        _start = start;
        _interval = (long)interval.TotalMilliseconds;
    }

    /// <summary>Null and the error when a series cannot be read.</summary>
    public static InputLoader? Read(UnitTest test, out string error)
    {
        error = "";
        var loader = new InputLoader(test.Start, test.Interval);
        foreach (var input in test.Input)
        {
            var parsed = PromQLParser.ParseSeries($"{input.Series} {input.Values}");
            if (!parsed.Success)
            {
                error = parsed.ErrorText;
                return null;
            }
            loader._input.Add((parsed.Series, 0));
        }
        return loader;
    }

    /// <summary>Null, or what storage said of a sample.</summary>
    public string? LoadUntil(TimestampMs time, MemoryStore store)
    {
        for (var i = 0; i < _input.Count; i++)
        {
            var (series, next) = _input[i];
            for (; next < series.Values.Count; next++)
            {
                var at = new TimestampMs(_start.Value + (next * _interval));
                if (at > time)
                    break;
                var value = series.Values[next];
                if (!value.Omitted && store.Append(new LooseSample(series.Labels, at, value.Value, value.Histogram)) is { } problem)
                    return problem;
            }
            _input[i] = (series, next);
        }
        return null;
    }
}
