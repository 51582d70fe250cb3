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

/// <summary>The contents agree: what the sibling has by number is here, although some of it came otherwise or was deleted. Its positions are taken over.</summary>
public sealed record AdoptPositions(NodeIncarnation From, ImmutableDictionary<WriterId, WriterPosition> Positions) : RepairStep(From);

/// <summary>Decides what a copy fetches from its siblings so that all end up equal: batches by number, and cells by digest. Each copy pulls; nobody pushes.</summary>
public static class RepairPlan
{
    /// <param name="digest">This copy's, made after the siblings made theirs; null: positions only.</param>
    /// <param name="maxSteps">Most steps of one round; batches take at most half of them when there are digests, as a log may have lost what is asked for.</param>
    public static List<RepairStep> Decide(ReceivedBatches mine, CopyDigest? digest, IReadOnlyList<SiblingState> siblings, int maxSteps)
    {
        var steps = new List<RepairStep>();
        var asked = new HashSet<(WriterId, NumberRange)>();
        foreach (var sibling in siblings)
        {
            var cells = digest is not null && sibling.Digest is { } theirs && digest.IsComparableTo(theirs) ? digest.CellsToFetchFrom(theirs) : null;
            var missing = mine.MissingOf(sibling.Positions, maxSteps);
            if (cells is { Count: 0 } && missing.Count > 0)
            {
                steps.Add(new AdoptPositions(sibling.Sibling, sibling.Positions));
                continue;
            }
            var room = cells is null ? maxSteps : maxSteps / 2;
            foreach (var (writer, range) in missing)
                if (steps.Count < room && asked.Add((writer, range)))
                    steps.Add(new FetchBatches(sibling.Sibling, writer, range));
            foreach (var cell in cells ?? [])
                if (steps.Count < maxSteps)
                    steps.Add(new FetchCell(sibling.Sibling, cell));
        }
        return steps;
    }
}
