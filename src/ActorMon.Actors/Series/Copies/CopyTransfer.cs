using ActorMon.Model.Bytes;
using ActorMon.Model.Ingest;
using ActorMon.Model.Sharding;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Links.Batches;
using ActorMon.Tsdb;
using ActorMon.Tsdb.Copies;
using ActorMon.Tsdb.Lifecycle;
using ActorMon.Tsdb.Parts;
using Akka.Actor;

namespace ActorMon.Actors.Series.Copies;

/// <param name="CallTimeout">Of a call for facts and digests, which read every sample of the source.</param>
/// <param name="CopyTimeout">Of one stretch of a copy.</param>
/// <param name="AdoptTimeout">Of the writer of this node's copy, to put parts in force.</param>
public sealed record CopyTransferSettings(TimeSpan CallTimeout, TimeSpan CopyTimeout, TimeSpan AdoptTimeout)
{
    public static readonly CopyTransferSettings Default = new(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30), TimeSpan.FromSeconds(60));
}

/// <summary>
/// Brings what another node's copy of a partition holds into this node's copy, stretch by stretch; what was brought stays when a later stretch fails. Runs on the pool, any number
/// at once for different partitions. Every failure of the other node or of the way is an <see cref="IOException"/> with a text.
/// </summary>
public sealed class CopyTransfer(INodeLinks links, PartitionTable table, CopyMetrics metrics, CopyTransferSettings settings)
{
    /// <summary>Everything the source holds; windows in which both hold the same are not sent.</summary>
    public async Task FillAsync(LinkPeer source, PartitionId partition, CancellationToken cancellation)
    {
        var facts = await FactsAsync(source, new FactsRequest(partition, -1, default), cancellation).ConfigureAwait(false);
        await CopyAsync(source, partition, [], beside: true, cancellation).ConfigureAwait(false);
        if (facts.Min > facts.Max)
            return;
        foreach (var stretch in CopyStretches.Of(facts.Spans))
        {
            var windows = await NeededAsync(source, partition, stretch, cancellation).ConfigureAwait(false);
            if (windows.Count > 0)
                await CopyAsync(source, partition, windows, beside: false, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>What the source, in sync and past the epoch, holds and this copy does not; then its positions.</summary>
    public async Task VerifyAsync(LinkPeer source, PartitionId partition, long since, CancellationToken cancellation)
    {
        var facts = await FactsAsync(source, new FactsRequest(partition, since, new TimeWindow(long.MinValue, long.MaxValue)), cancellation).ConfigureAwait(false);
        var own = await OwnDigestsAsync(StoreOf(partition), new TimeWindow(long.MinValue, long.MaxValue), cancellation).ConfigureAwait(false);
        var windows = CopyStretches.Differing(own, facts.Digests);
        metrics.WindowsCompared.Add(facts.Digests.Count);
        await CopyAsync(source, partition, windows, beside: true, cancellation).ConfigureAwait(false);
        await AdoptAsync(StoreOf(partition), [], [], facts.Positions, long.MaxValue, partition, cancellation).ConfigureAwait(false);
    }

    /// <summary>Brings what a sibling in sync holds in a stretch of time and this copy, in sync as well, does not.</summary>
    /// <returns>Windows that differed; 0: this copy lacks nothing that the sibling has.</returns>
    public async Task<int> CompareAsync(LinkPeer sibling, PartitionId partition, TimeWindow stretch, CancellationToken cancellation)
    {
        // Nothing else reads what nobody asks for: here files that rot are found.
        var own = await OwnDigestsAsync(StoreOf(partition), stretch, cancellation, checkPages: true).ConfigureAwait(false);
        var theirs = await FactsAsync(sibling, new FactsRequest(partition, -1, stretch), cancellation).ConfigureAwait(false);
        metrics.WindowsCompared.Add(theirs.Digests.Count);
        var windows = CopyStretches.Differing(own, theirs.Digests);
        if (windows.Count > 0)
            await CopyAsync(sibling, partition, windows, beside: false, cancellation).ConfigureAwait(false);
        return windows.Count;
    }

    private async Task<IReadOnlyList<TimeWindow>> NeededAsync(LinkPeer source, PartitionId partition, TimeWindow stretch, CancellationToken cancellation)
    {
        var own = await OwnDigestsAsync(StoreOf(partition), stretch, cancellation).ConfigureAwait(false);
        // Nothing here: comparing would read everything there for nothing.
        if (own.Count == 0)
            return [stretch];
        var theirs = await FactsAsync(source, new FactsRequest(partition, -1, stretch), cancellation).ConfigureAwait(false);
        metrics.WindowsCompared.Add(theirs.Digests.Count);
        return CopyStretches.Differing(own, theirs.Digests);
    }

    private static Task<IReadOnlyList<WindowDigest>> OwnDigestsAsync(PartitionStore store, TimeWindow times, CancellationToken cancellation, bool checkPages = false) =>
        Task.Run(() => ContentDigest.Of(store.View, times.Start, times.End - 1, cancellation, checkPages), cancellation);

    private async Task<CopyFactSheet> FactsAsync(LinkPeer source, FactsRequest request, CancellationToken cancellation)
    {
        await using var answer = await links.CallAsync(
            source, CopyWire.FactsOperation, body => WriteRequest(body, CopyWire.Encode(request, new ByteWriter())), settings.CallTimeout, cancellation).ConfigureAwait(false);
        Check(answer, source, request.Partition);
        CopyFactSheet? facts = null;
        var digests = new List<WindowDigest>();
        while (await answer.Frames.ReadAsync(cancellation).ConfigureAwait(false) is { } frame)
        {
            if (frame.Kind == CopyWire.Facts)
                facts = CopyWire.FactsOf(frame.Reader());
            else if (frame.Kind == CopyWire.Digests && !CopyWire.TryAddDigests(frame.Reader(), digests))
                throw new LinkBrokenException($"digests of partition {request.Partition} from {source} cannot be read");
        }
        return facts is null ? throw new LinkBrokenException($"facts of partition {request.Partition} from {source} cannot be read") : facts with { Digests = digests };
    }

    /// <param name="windows">More than <see cref="CopyWire.MaxWindows"/> pieces are asked for as one.</param>
    private async Task CopyAsync(LinkPeer source, PartitionId partition, IReadOnlyList<TimeWindow> windows, bool beside, CancellationToken cancellation)
    {
        if (windows.Count > CopyWire.MaxWindows)
            windows = [new TimeWindow(windows[0].Start, windows[^1].End)];
        // Every copy has applied these, so the source has: what it reads now lacks what they name.
        var deletions = StoreOf(partition).ForgettableDeletions;
        await using var answer = await links.CallAsync(
            source, CopyWire.CopyOperation, body => WriteRequest(body, CopyWire.Encode(partition, windows, beside, new ByteWriter())), settings.CopyTimeout, cancellation).ConfigureAwait(false);
        Check(answer, source, partition);
        await ReceiveAsync(answer, source, partition, deletions, cancellation).ConfigureAwait(false);
    }

    private async Task ReceiveAsync(LinkAnswer answer, LinkPeer source, PartitionId partition, long deletions, CancellationToken cancellation)
    {
        var store = StoreOf(partition);
        var parts = new List<PartFile>();
        try
        {
            if (await answer.Frames.ReadAsync(cancellation).ConfigureAwait(false) is not { Kind: CopyWire.Manifest } first || CopyWire.ManifestOf(first.Reader()) is not { } manifest)
                throw new LinkBrokenException($"the list of files of partition {partition} from {source} cannot be read");
            foreach (var length in manifest.Lengths)
            {
                using var intake = store.BeginIntake(length);
                for (long received = 0; received < length;)
                {
                    if (await answer.Frames.ReadAsync(cancellation).ConfigureAwait(false) is not { Kind: CopyWire.Data } frame)
                        throw new LinkBrokenException($"a file of partition {partition} from {source} ends at {received} of {length} bytes");
                    intake.Append(frame.Content.Span);
                    received += frame.Content.Length;
                    metrics.BytesReceived.Add(frame.Content.Length);
                }
                parts.Add(intake.Finish());
            }
            var beside = new List<SampleBatch>();
            while (await answer.Frames.ReadAsync(cancellation).ConfigureAwait(false) is { } frame)
            {
                // Other kinds are of a later version.
                if (frame.Kind != CopyWire.Beside)
                    continue;
                beside.Add(new BatchDecoder(table.Partitions).Decode(frame.Reader(), out var error) is { Batch: var batch } && batch.Partition == partition
                    ? batch : throw new LinkBrokenException($"exemplars and metadata of partition {partition} from {source} cannot be read: {error ?? "another partition"}"));
            }
            // Positions of a part of the time are not those of all of it: they are taken over when everything was compared.
            await AdoptAsync(store, parts, beside, new Dictionary<WriterId, long>(), deletions, partition, cancellation).ConfigureAwait(false);
        }
        catch (PartDamagedException e)
        {
            throw new IOException($"partition {partition} from {source}: {e.Damage}", e);
        }
        catch (ObjectDisposedException e)
        {
            throw new IOException($"partition {partition} was closed meanwhile", e);
        }
        finally
        {
            store.GiveUp(parts);
        }
    }

    /// <summary>Takes the parts out of the list once they are the writer's.</summary>
    private async Task AdoptAsync(
        PartitionStore store, List<PartFile> parts, IReadOnlyList<SampleBatch> beside, IReadOnlyDictionary<WriterId, long> positions, long deletions, PartitionId partition,
        CancellationToken cancellation)
    {
        if (parts.Count == 0 && beside.Count == 0 && positions.Count == 0)
            return;
        if (table.Serving(partition) is not { } serving)
            throw new IOException($"partition {partition} is not served here now");
        CopyAdopted adopted;
        var adoption = new AdoptCopy(store, [.. parts], beside, positions, deletions);
        parts.Clear();
        try
        {
            adopted = await serving.Writer.Ask<CopyAdopted>(adoption, settings.AdoptTimeout, cancellation).ConfigureAwait(false);
        }
        catch (AskTimeoutException e)
        {
            throw new IOException($"the writer of partition {partition} did not answer within {settings.AdoptTimeout.TotalSeconds:0} s", e);
        }
        if (adopted.Error is { } error)
            throw new IOException(error);
    }

    private PartitionStore StoreOf(PartitionId partition) => table[partition] ?? throw new IOException($"partition {partition} is not open here now");

    private static void WriteRequest(System.Buffers.IBufferWriter<byte> body, ReadOnlySpan<byte> request)
    {
        LinkFrames.Write(body, CopyWire.Request, request);
        LinkFrames.WriteEnd(body);
    }

    private static void Check(LinkAnswer answer, LinkPeer source, PartitionId partition)
    {
        if (!answer.IsOk)
            throw new IOException($"partition {partition} from {source}: {answer.Error}");
    }
}
