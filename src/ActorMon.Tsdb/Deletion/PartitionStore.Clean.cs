using System.Collections.Immutable;
using ActorMon.Model.Matchers;
using ActorMon.Tsdb.Deletion;
using ActorMon.Tsdb.Index;
using ActorMon.Tsdb.Parts;
using ActorMon.Tsdb.Reading;

namespace ActorMon.Tsdb;

/// <summary>
/// Giving back the space of what is deleted. Cut and compaction leave deleted samples out as they go; a request to clean asks for it now: the head is cut behind its last
/// deleted sample, parts that hold deleted samples are written anew. A deletion leaves the log when nothing on disk can bring its samples back: no part holds one, nor
/// the head, nor the log before the last cut, nor an exemplar the log, and the files that did are gone for good.
/// </summary>
public sealed partial class PartitionStore
{
    private long _cleanVersion;
    private bool _cleanCutDue;

    // Deletions whose samples are gone and whose exemplars may stand in the log still; those that a checkpoint has freed it of since.
    private readonly HashSet<long> _forgetting = [];
    private readonly HashSet<long> _forgotten = [];

    // Deletions of the cluster that are carried out here and stand as filters until every copy has applied them.
    private ImmutableHashSet<long> _standing = [];
    private long _forgettable;

    // With what was offered to the head: exemplars that the log holds.
    private long _exemplarsLogged;

    /// <summary>Asks that every deletion of now is carried out; <see cref="NextWork"/> hands out the work. <see cref="IsClean"/> tells when it is done. The writer's.</summary>
    /// <returns>The newest deletion of now.</returns>
    public long RequestClean()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        FinishDeletions();
        _cleanVersion = Deletions.Version;
        _cleanCutDue = true;
        RequestRewrite(_cleanVersion);
        return _cleanVersion;
    }

    /// <summary>No deletion up to this version is pending. Any thread.</summary>
    public bool IsClean(long version)
    {
        var standing = Volatile.Read(ref _standing);
        foreach (var entry in Deletions.Entries)
            if (entry.Version <= version && !standing.Contains(entry.Version))
                return false;
        return true;
    }

    /// <summary>Every copy has applied the cluster's deletions up to this version: here they may be forgotten once they are carried out. The writer's.</summary>
    public void ForgetFollowed(long clusterVersion) => Volatile.Write(ref _forgettable, Math.Max(_forgettable, clusterVersion));

    /// <summary>Up to here the cluster's deletions may be forgotten. Any thread.</summary>
    public long ForgettableDeletions => Volatile.Read(ref _forgettable);

    /// <summary>Work was handed out and not taken back. The writer's.</summary>
    public bool IsWorking => _work is not null;

    /// <summary>Where the head is to be cut so that all deleted samples leave it; null: it holds none, or was not asked to.</summary>
    private long? CleanCutTo()
    {
        if (!_cleanCutDue)
            return null;
        _cleanCutDue = false;
        long? cutTo = null;
        var head = _head.View();
        foreach (var entry in Deletions.Entries)
            if (entry.Version <= _cleanVersion && Holds(head, entry))
                cutTo = Math.Max(cutTo ?? long.MinValue, entry.Max + 1);
        return cutTo;
    }

    /// <summary>Whether a part holds samples that are deleted.</summary>
    private bool HoldsDeleted(PartFile part)
    {
        foreach (var source in Older())
            if (source is MaskedSource { Source: PartSource masked } hidden && ReferenceEquals(masked.Part, part))
                return hidden.HidesAny;
        return false;
    }

    /// <summary>Takes out of the log what is carried out everywhere. Cheap while nothing is deleted.</summary>
    private void FinishDeletions()
    {
        // Until the checkpoint after a cut is there, the log still has what was cut; a file that was not deleted would come back at the next start.
        if (_deletions.IsEmpty || _cut is not null || _checkpointAfterCut || _log.Failure is not null || _parts.Obsolete.Any() || _log.Obsolete.Count > 0)
            return;
        var head = _head.View();
        var finished = new List<long>();
        var standing = ImmutableHashSet.CreateBuilder<long>();
        foreach (var entry in Deletions.Entries)
            if (!Holds(head, entry) && !_parts.Live.Any(part => part.Header.DeletionVersion < entry.Version && Holds(_sources[part], entry)))
                if (AreExemplarsGone(entry))
                {
                    if (entry.ClusterVersion > _forgettable)
                        standing.Add(entry.Version);
                    else
                        finished.Add(entry.Version);
                }
        Volatile.Write(ref _standing, standing.ToImmutable());
        if (finished.Count == 0)
            return;
        try
        {
            _files.SyncDirectory(_parts.Directory);
            _files.SyncDirectory(WalDirectory(_options));
        }
        catch (IOException)
        {
            // Tried again at the next housekeeping.
            return;
        }
        _forgotten.ExceptWith(finished);
        Change(new DeletionCommand.Finish(finished));
    }

    /// <summary>
    /// Exemplars stand in memory and in the log alone. Those of a deletion whose samples are gone leave memory here and the log with the next checkpoint; until it is there
    /// the deletion goes on hiding them.
    /// </summary>
    private bool AreExemplarsGone(SeriesDeletion deletion)
    {
        if (_head.RemoveExemplars(deletion))
            _forgotten.Remove(deletion.Version);
        // Also those that memory had no room for: with more room the next start would find them.
        if (_exemplarsLogged + _head.ExemplarsOffered <= _head.ExemplarsHeld || _forgotten.Contains(deletion.Version))
            return true;
        _forgetting.Add(deletion.Version);
        return false;
    }

    private static bool Holds(ISampleSource source, SeriesDeletion deletion)
    {
        if (!deletion.Overlaps(source.MinTime, source.MaxTime))
            return false;
        foreach (IReadOnlyList<Matcher> selector in deletion.Selectors)
            if (source.Select(ResolvedMatchers.Resolve(selector, MaskedSource.NoSymbols), deletion.Min, deletion.Max).Count > 0)
                return true;
        return false;
    }
}
