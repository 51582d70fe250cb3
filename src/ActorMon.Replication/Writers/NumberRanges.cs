using System.Collections.Immutable;

namespace ActorMon.Replication.Writers;

/// <summary>Batch numbers <c>First .. Last</c>, both inclusive.</summary>
public readonly record struct NumberRange(long First, long Last);

/// <summary>Which batches of one writer a copy has: all up to <see cref="Contiguous"/>, and single ranges beyond it in ascending order, none touching another.</summary>
public sealed record WriterPosition(long Contiguous, ImmutableArray<NumberRange> Beyond)
{
    public static readonly WriterPosition None = new(0, []);

    public long Highest => Beyond.IsEmpty ? Contiguous : Beyond[^1].Last;

    public bool Has(long number)
    {
        if (number <= Contiguous)
            return true;
        foreach (var range in Beyond)
            if (number >= range.First && number <= range.Last)
                return true;
        return false;
    }

    public WriterPosition Add(long number) => number == Contiguous + 1 && Beyond.IsEmpty ? this with { Contiguous = number } : Add(new NumberRange(number, number));

    public WriterPosition Add(NumberRange added)
    {
        if (added.Last < added.First)
            return this;
        var ranges = Beyond.Add(added).Add(new NumberRange(1, Contiguous)).Sort((a, b) => a.First.CompareTo(b.First));
        var joined = ImmutableArray.CreateBuilder<NumberRange>(ranges.Length);
        foreach (var range in ranges)
        {
            if (range.Last < range.First)
                continue;
            if (joined.Count > 0 && range.First <= joined[^1].Last + 1)
                joined[^1] = joined[^1] with { Last = Math.Max(joined[^1].Last, range.Last) };
            else
                joined.Add(range);
        }
        if (joined.Count == 0 || joined[0].First > 1)
            return new WriterPosition(0, joined.ToImmutable());
        var contiguous = joined[0].Last;
        joined.RemoveAt(0);
        return new WriterPosition(contiguous, joined.ToImmutable());
    }

    public WriterPosition Union(WriterPosition other)
    {
        var union = Add(new NumberRange(1, other.Contiguous));
        foreach (var range in other.Beyond)
            union = union.Add(range);
        return union;
    }

    /// <summary>What the other one has and this one lacks, ascending.</summary>
    public ImmutableArray<NumberRange> MissingOf(WriterPosition other)
    {
        var missing = ImmutableArray.CreateBuilder<NumberRange>();
        Lacking(new NumberRange(1, other.Contiguous));
        foreach (var range in other.Beyond)
            Lacking(range);
        return missing.ToImmutable();

        void Lacking(NumberRange theirs)
        {
            var at = Math.Max(theirs.First, Contiguous + 1);
            foreach (var mine in Beyond)
            {
                if (mine.Last < at)
                    continue;
                if (mine.First > theirs.Last)
                    break;
                if (mine.First > at)
                    missing.Add(new NumberRange(at, mine.First - 1));
                at = mine.Last + 1;
            }
            if (at <= theirs.Last)
                missing.Add(new NumberRange(at, theirs.Last));
        }
    }
}
