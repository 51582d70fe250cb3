using System.Text;
using ActorMon.Model.Labels;
using static ActorMon.Protocol.Scraping.ScrapingProtocol;

namespace ActorMon.Protocol.Scraping;

/// <summary>
/// A shard's set of targets in pieces that fit into a control message, and the set again from its pieces. Pieces of one version may come in any order and more than once;
/// a set takes effect when all its pieces are there.
/// </summary>
public static class AssignmentChunks
{
    /// <summary>Serialized bytes of a piece at most; only a single target or error that is longer makes a longer one.</summary>
    public const int MaxBytes = 48 * 1024;

    private const int MessageBytes = 64;

    /// <summary>Tags and lengths of a nested message or a string.</summary>
    private const int FrameBytes = 6;

    public static IReadOnlyList<AssignTargets> Split(AssignTargets whole)
    {
        var pieces = new List<(List<AssignedTarget> Targets, List<JobError> Errors)> { ([], []) };
        var used = MessageBytes;
        foreach (var error in whole.JobErrors)
            Room(FrameBytes + Bytes(error.Job) + Bytes(error.Error)).Errors.Add(error);
        foreach (var target in whole.Targets)
            Room(FrameBytes + Bytes(target.Job) + Bytes(target.Discovered)).Targets.Add(target);
        if (pieces.Count == 1)
            return [whole];
        var chunks = new AssignTargets[pieces.Count];
        for (var i = 0; i < chunks.Length; i++)
            chunks[i] = whole with { Targets = pieces[i].Targets, JobErrors = pieces[i].Errors, Chunk = i, Chunks = chunks.Length };
        return chunks;

        (List<AssignedTarget> Targets, List<JobError> Errors) Room(int bytes)
        {
            if (used + bytes > MaxBytes && used > MessageBytes)
            {
                pieces.Add(([], []));
                used = MessageBytes;
            }
            used += bytes;
            return pieces[^1];
        }
    }

    private static int Bytes(string text) => FrameBytes + Encoding.UTF8.GetByteCount(text);

    private static int Bytes(LabelSet labels)
    {
        var bytes = 0;
        foreach (ref readonly var label in labels.AsSpan())
            bytes += FrameBytes + Bytes(label.Name) + Bytes(label.Value);
        return bytes;
    }
}

/// <summary>Gathers the pieces of one assignment at a time.</summary>
public sealed class AssignmentAssembly
{
    private AssignTargets?[] _pieces = [];
    private AssignmentVersion _version;
    private int _missing;

    /// <summary>The whole set when this piece was the last one, else null. A piece of another version begins anew; what was gathered of the version before is given up.</summary>
    public AssignTargets? Add(AssignTargets piece)
    {
        if (piece.Chunks <= 1)
        {
            Clear();
            return piece;
        }
        if (piece.Chunk < 0 || piece.Chunk >= piece.Chunks)
            return null;
        if (_pieces.Length != piece.Chunks || _version != piece.Version)
        {
            if (_missing > 0 && piece.Version.Incarnation == _version.Incarnation && piece.Version.Number < _version.Number)
                return null;
            (_pieces, _version, _missing) = (new AssignTargets?[piece.Chunks], piece.Version, piece.Chunks);
        }
        if (_pieces[piece.Chunk] is not null)
            return null;
        _pieces[piece.Chunk] = piece;
        if (--_missing > 0)
            return null;
        var whole = piece with { Targets = [.. _pieces.SelectMany(p => p!.Targets)], JobErrors = [.. _pieces.SelectMany(p => p!.JobErrors)], Chunk = 0, Chunks = 1 };
        Clear();
        return whole;
    }

    private void Clear() => (_pieces, _missing) = ([], 0);
}
