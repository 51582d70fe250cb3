using System.Runtime.InteropServices;
using ActorMon.Model.Matchers;
using ActorMon.Tsdb.Codecs;

namespace ActorMon.Tsdb.Parts;

/// <summary>Series by matchers. A label that is missing has the value "", so <c>a!="x"</c> takes series without it.</summary>
public sealed partial class PartFile
{
    /// <summary>
    /// The series that match all matchers and, when the range cuts the part's time, have a sample with min &lt;= t &lt;= max.
    /// </summary>
    public PartSeries Find(IReadOnlyList<Matcher> matchers, long min, long max)
    {
        if (max < MinTime || min > MaxTime)
            return PartSeries.None;
        var found = Matching(matchers);
        if (min <= MinTime && max >= MaxTime)
            return found is null ? PartSeries.All(SeriesCount) : PartSeries.Of(found);
        var count = found?.Count ?? SeriesCount;
        var kept = new List<int>(count);
        for (var i = 0; i < count; i++)
        {
            var id = found is null ? i : found[i];
            if (Overlaps(id, min, max))
                kept.Add(id);
        }
        return PartSeries.Of(kept);
    }

    /// <summary>Adds the names of the labels that any series has.</summary>
    public void CollectNames(ISet<string> into)
    {
        foreach (var name in _directory.Names)
            into.Add(Text(name.Symbol));
    }

    /// <summary>Adds the names of the labels that these series have.</summary>
    public void CollectNames(PartSeries series, ISet<string> into)
    {
        var symbols = new HashSet<int>();
        for (var i = 0; i < series.Count; i++)
            foreach (var (name, _) in SeriesOf(series[i]).Labels(series[i] % PartFormat.SeriesPerPage))
                symbols.Add(name);
        foreach (var symbol in symbols)
            into.Add(Text(symbol));
    }

    /// <summary>Adds the values that a label has in any series.</summary>
    public void CollectValues(string name, ISet<string> into)
    {
        var symbol = FindSymbol(name);
        if (symbol < 0)
            return;
        foreach (var (value, _) in Postings(symbol, 0))
            into.Add(Text(value));
    }

    /// <summary>Adds the values that a label has in these series.</summary>
    public void CollectValues(string name, PartSeries series, ISet<string> into)
    {
        var symbol = FindSymbol(name);
        if (symbol < 0)
            return;
        var values = new HashSet<int>();
        for (var i = 0; i < series.Count; i++)
            if (ValueOf(series[i], symbol) is var value and >= 0)
                values.Add(value);
        foreach (var value in values)
            into.Add(Text(value));
    }

    /// <summary>Ids ascending; null: all.</summary>
    private List<int>? Matching(IReadOnlyList<Matcher> matchers)
    {
        List<int>? found = null;
        // What names its values comes first: the others then have few candidates.
        for (var pass = 0; pass < 3; pass++)
        {
            foreach (var matcher in matchers)
            {
                var matchesEmpty = matcher.MatchesEmpty;
                var rank = matchesEmpty ? 2 : matcher.Operator == MatchOperator.Equal ? 0 : 1;
                if (rank != pass || (matchesEmpty && matcher is { Operator: MatchOperator.Regex, Regex.MatchesEverything: true }))
                    continue;
                found = Narrow(found, matcher, matchesEmpty);
                if (found.Count == 0)
                    return found;
            }
        }
        return found;
    }

    private List<int> Narrow(List<int>? candidates, Matcher matcher, bool matchesEmpty)
    {
        var name = FindSymbol(matcher.Name);
        var at = name < 0 ? -1 : Array.BinarySearch(_directory.Names, new NameEntry(name, 0), NameOrder);
        if (at < 0)
            return matchesEmpty ? candidates ?? Range(SeriesCount) : [];
        // Few candidates, many values: the series' own labels are the shorter way.
        if (candidates is not null && matcher.Operator != MatchOperator.Equal && candidates.Count < _directory.Names[at].Values / 2)
            return Keep(candidates, name, matcher, matchesEmpty);

        var listed = new List<int>();
        var lists = 0;
        if (matcher.Operator is MatchOperator.Equal or MatchOperator.NotEqual)
        {
            // a="" and a!="": every series that has the label is on the other side.
            if (matcher.Value.Length == 0)
                lists = AddWhere(name, static (_, _) => true, matcher, listed);
            else if (FindSymbol(matcher.Value) is var value and >= 0)
                lists = AddList(name, value, listed);
            // Equal matches what is listed, unless it is listed for having the label at all.
        }
        else if (matcher.Operator == MatchOperator.Regex && matcher.Regex!.SetMatches is { } set)
        {
            foreach (var text in new HashSet<string>(set, StringComparer.Ordinal))
                if (FindSymbol(text) is var value and >= 0)
                    lists += AddList(name, value, listed);
        }
        else
        {
            // Listed are those that match, or, when series without the label match too, those that do not.
            lists = AddWhere(name, matchesEmpty ? static (m, text) => !m.Matches(text) : static (m, text) => m.Matches(text), matcher, listed);
        }
        if (lists > 1)
            listed.Sort();
        if (matchesEmpty)
            return Without(candidates ?? Range(SeriesCount), listed);
        return candidates is null ? listed : Both(candidates, listed);
    }

    private List<int> Keep(List<int> candidates, int name, Matcher matcher, bool matchesEmpty)
    {
        var known = new Dictionary<int, bool>();
        var kept = new List<int>(candidates.Count);
        foreach (var id in candidates)
        {
            var value = ValueOf(id, name);
            var matches = matchesEmpty;
            if (value >= 0 && !known.TryGetValue(value, out matches))
                known[value] = matches = matcher.Matches(Text(value));
            if (matches)
                kept.Add(id);
        }
        return kept;
    }

    private int ValueOf(int id, int name)
    {
        foreach (var (label, value) in SeriesOf(id).Labels(id % PartFormat.SeriesPerPage))
            if (label == name)
                return value;
        return -1;
    }

    private int AddList(int name, int wanted, List<int> into)
    {
        foreach (var (value, place) in Postings(name, wanted))
        {
            if (value != wanted)
                return 0;
            AddIds(place, into);
            return 1;
        }
        return 0;
    }

    private int AddWhere(int name, Func<Matcher, string, bool> isWanted, Matcher matcher, List<int> into)
    {
        var lists = 0;
        foreach (var (value, place) in Postings(name, 0))
        {
            if (!isWanted(matcher, Text(value)))
                continue;
            AddIds(place, into);
            lists++;
        }
        return lists;
    }

    private void AddIds(PostingsPlace place, List<int> into)
    {
        var from = new ByteReader(place.Page, place.Offset);
        if (!PostingsList.TryRead(ref from, place.Count, SeriesCount, into))
            ThrowPage(place.Number, null);
    }

    /// <summary>The values of a name from a value on, ascending, each with where its list stands.</summary>
    private IEnumerable<(int Value, PostingsPlace Place)> Postings(int name, int fromValue)
    {
        var firsts = _directory.PostingsPages;
        var page = Array.BinarySearch(firsts, (name, fromValue));
        // Within the page before the first that begins behind it.
        page = page >= 0 ? page : Math.Max(0, ~page - 1);
        for (; page < firsts.Length && firsts[page].Name <= name; page++)
        {
            var number = _directory.FirstPostingsPage + page;
            if (TryPage(number, PageKind.Postings) is not { } bytes)
            {
                ThrowPage(number, "is damaged");
                yield break;
            }
            var cursor = new PostingsCursor(bytes);
            while (cursor.TryNext(out var pair, out var offset, out var count))
            {
                if (pair.Name > name)
                    yield break;
                if (pair.Name == name && pair.Value >= fromValue)
                    yield return (pair.Value, new PostingsPlace(bytes, number, offset, count));
            }
            if (cursor.Failed)
                ThrowPage(number, null);
        }
    }

    private static List<int> Range(int count)
    {
        var all = new List<int>(count);
        CollectionsMarshal.SetCount(all, count);
        var span = CollectionsMarshal.AsSpan(all);
        for (var i = 0; i < span.Length; i++)
            span[i] = i;
        return all;
    }

    private static List<int> Both(List<int> a, List<int> b)
    {
        var both = new List<int>(Math.Min(a.Count, b.Count));
        for (int i = 0, k = 0; i < a.Count && k < b.Count;)
        {
            if (a[i] == b[k])
                both.Add(a[i]);
            var order = a[i].CompareTo(b[k]);
            i += order <= 0 ? 1 : 0;
            k += order >= 0 ? 1 : 0;
        }
        return both;
    }

    private static List<int> Without(List<int> a, List<int> b)
    {
        var left = new List<int>(a.Count);
        var k = 0;
        foreach (var id in a)
        {
            while (k < b.Count && b[k] < id)
                k++;
            if (k == b.Count || b[k] != id)
                left.Add(id);
        }
        return left;
    }

    private static readonly Comparer<NameEntry> NameOrder = Comparer<NameEntry>.Create(static (a, b) => a.Symbol.CompareTo(b.Symbol));

    private readonly record struct PostingsPlace(byte[] Page, int Number, int Offset, int Count);
}
