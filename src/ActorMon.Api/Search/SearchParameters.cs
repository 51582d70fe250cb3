using System.Globalization;
using ActorMon.Api.Http;
using ActorMon.Model.Matchers;
using ActorMon.Model.Samples;
using ActorMon.Model.Text;

namespace ActorMon.Api.Search;

public enum SearchOrder : byte
{
    Ascending,
    Descending,
    Score,
}

/// <summary>What a search asks for. An error of reading is the reader's.</summary>
public sealed record SearchParameters(
    IReadOnlyList<IReadOnlyList<Matcher>> MatcherSets, TimestampMs Start, TimestampMs End, SearchFilter Filter, SearchOrder Order, bool IncludeScore, int Limit, int BatchSize)
{
    public const int DefaultLimit = 100;

    /// <summary>Each term costs a look at every value.</summary>
    public const int MaxTerms = 32;

    private static readonly TimeSpan DefaultRange = TimeSpan.FromHours(1);

    /// <param name="endpoint">Its last path segment; one error names it.</param>
    /// <param name="maxLimit">0: none.</param>
    public static SearchParameters Read(ParameterReader reader, string endpoint, DateTimeOffset now, int maxLimit)
    {
        reader.RequireSoundForm();
        var start = reader.Time("start", TimestampMs.From(now - DefaultRange), named: false);
        var end = reader.Time("end", TimestampMs.From(now), named: false);
        if (end.Value < start.Value)
            reader.FailPlain("end timestamp must not be before start timestamp");
        var sets = reader.MatcherSets(named: false);
        var terms = reader.All("search[]");
        if (terms.Count > MaxTerms)
            reader.FailPlain($"too many search[] terms: got {terms.Count}, maximum is {MaxTerms}");
        var threshold = Number(reader, "fuzz_threshold", 0, 0, 100, "must be 0-100");
        var algorithm = reader.Text("fuzz_alg");
        if (algorithm is not ("" or "subsequence" or "jarowinkler"))
            reader.FailPlain($"unsupported fuzz_alg {GoQuote.Quote(algorithm)}: must be one of [subsequence jarowinkler]");
        var caseSensitive = reader.Bool("case_sensitive", true);
        var includeScore = reader.Bool("include_score", false);
        var order = ReadOrder(reader, terms.Count);
        var limit = Number(reader, "limit", maxLimit > 0 ? Math.Min(DefaultLimit, maxLimit) : DefaultLimit, 1, int.MaxValue, "must be a positive integer");
        if (maxLimit > 0 && limit > maxLimit)
            reader.FailPlain($"limit {limit} exceeds the configured maximum ({maxLimit}, see --web.search.max-limit)");
        var batch = Number(reader, "batch_size", DefaultLimit, 1, int.MaxValue, "must be a positive integer");
        if (reader.Text("sort_by") is var by && by is not ("" or "alpha" or "score"))
            reader.FailPlain($"invalid sort_by {GoQuote.Quote(by)} for {endpoint}: must be \"alpha\" or \"score\"");
        var filter = new SearchFilter(terms, threshold, algorithm == "jarowinkler" ? FuzzAlgorithm.JaroWinkler : FuzzAlgorithm.Subsequence, caseSensitive);
        return new SearchParameters(sets, start, end, filter, order, includeScore, limit, batch);
    }

    private static SearchOrder ReadOrder(ParameterReader reader, int terms)
    {
        var by = reader.Text("sort_by");
        var direction = reader.Text("sort_dir");
        if (direction.Length > 0 && by.Length == 0)
            reader.FailPlain("sort_dir is only valid when sort_by is set");
        if (direction.Length > 0 && by == "score")
            reader.FailPlain("sort_dir is not supported for sort_by=score");
        if (direction is not ("" or "asc" or "dsc"))
            reader.FailPlain($"invalid sort_dir {GoQuote.Quote(direction)}: must be \"asc\" or \"dsc\"");
        if (by == "score" && terms == 0)
            reader.FailPlain("sort_by=score requires search[] to be set");
        return by == "score" ? SearchOrder.Score : by == "alpha" && direction == "dsc" ? SearchOrder.Descending : SearchOrder.Ascending;
    }

    private static int Number(ParameterReader reader, string name, int absent, int min, int max, string rule)
    {
        if (reader.Text(name) is not { Length: > 0 } text)
            return absent;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max)
            return value;
        reader.FailPlain($"invalid {name} {GoQuote.Quote(text)}: {rule}");
        return absent;
    }
}
