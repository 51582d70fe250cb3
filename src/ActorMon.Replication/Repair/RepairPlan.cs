using System.Collections.Immutable;
using ActorMon.Model.Ingest;
using ActorMon.Replication.Digests;
using ActorMon.Replication.Map;
using ActorMon.Replication.Writers;

namespace ActorMon.Replication.Repair;

/// <summary>What a sibling in sync has told about its copy. Digest: null when only positions were exchanged.</summary>
public sealed record SiblingState(NodeIncarnation Sibling, ImmutableDictionary<WriterId, WriterPosition> Positions, CopyDigest? Digest);

/// <summary>Something to fetch and merge from a sibling.</summary>
public abstract record RepairStep(NodeIncarnation From);

/// <summary>Batches out of the sibling's log. It answers with those it still has; the rest comes by digests.</summary>
public sealed record FetchBatches(NodeIncarnation From, WriterId Writer, NumberRange Numbers) : RepairStep(From);

/// <summary>The whole content of a cell.</summary>
public sealed record FetchCell(NodeIncarnation From, DigestCell Cell) : RepairStep(From);

/// <summary>Decides what a copy fetches from its siblings so that all end up equal: first batches by number, then cells by digest. Each copy pulls; nobody pushes.</summary>
public static class RepairPlan
{
    /// <param name="maxSteps">Most steps of one round.</param>
    public static List<RepairStep> Decide(ReceivedBatches mine, CopyDigest? digest, IReadOnlyList<SiblingState> siblings, int maxSteps)
    {
        var steps = new List<RepairStep>();
        var asked = new HashSet<(WriterId, NumberRange)>();
        foreach (var sibling in siblings)
            foreach (var (writer, range) in mine.MissingOf(sibling.Positions, maxSteps - steps.Count))
                if (asked.Add((writer, range)))
                    steps.Add(new FetchBatches(sibling.Sibling, writer, range));
        foreach (var sibling in siblings)
        {
            if (digest is null || sibling.Digest is not { } theirs || !digest.IsComparableTo(theirs))
                continue;
            foreach (var cell in digest.CellsToFetchFrom(theirs))
            {
                if (steps.Count >= maxSteps)
                    return steps;
                steps.Add(new FetchCell(sibling.Sibling, cell));
            }
        }
        return steps;
    }
}
