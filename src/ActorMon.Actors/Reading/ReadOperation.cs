using ActorMon.Actors.Series;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Model.Sharding;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Fragments;
using ActorMon.Protocol.Links;
using ActorMon.Protocol.Links.Reading;

namespace ActorMon.Actors.Reading;

/// <summary>
/// Answers what other nodes read of this one: only partitions whose copy here is in sync, all others are named in the answer's head. One view a partition and request.
/// A slow caller holds this side back, one that goes away ends it.
/// </summary>
/// <param name="engine">Computes parts of queries; what is read counts into the memory of its queries.</param>
/// <param name="scheduler">Runs the reading, on the threads that queries have.</param>
public sealed class ReadOperation(NodeSeries series, PartitionTable table, ReadPlacements placement, QueryEngine engine, TaskScheduler scheduler) : ILinkOperation
{
    private const long WriterBytes = 1 << 20;

    private readonly QueryMemory? _memory = engine.Options.Memory;

    public string Name => ReadRequest.ReadOperationName;

    public LinkBounds Bounds => new(16 << 20, 64);

    public async Task HandleAsync(LinkRequest request, CancellationToken cancellation)
    {
        string? error = "not a read request";
        var body = new LinkFrameReader(request.Body, request.Sender.Node, (int)Bounds.MaxBodyBytes);
        if (await body.ReadAsync(cancellation).ConfigureAwait(false) is not { } frame || ReadRequestCodec.Decode(frame, table.Partitions, out error) is not { } read)
        {
            request.Refuse(LinkStatus.Malformed, error!);
            return;
        }
        var (served, refused) = Split(read.Partitions);
        if (served.Count == 0)
        {
            request.Refuse(LinkStatus.NotHeld, $"no copy in sync of partitions {PartitionNames.Of(refused)} is here");
            return;
        }
        await Task.Factory.StartNew(() => AnswerAsync(request, read, served, refused, cancellation), cancellation, TaskCreationOptions.None, scheduler).Unwrap().ConfigureAwait(false);
    }

    private async Task AnswerAsync(LinkRequest request, ReadRequest read, List<PartitionId> served, List<PartitionId> refused, CancellationToken cancellation)
    {
        var answer = request.Answer;
        try
        {
            FactFrames.WriteHead(answer, refused, [.. served.Where(partition => !placement.Gate.IsComplete(partition))]);
            // At once: the caller tells a node that reads from one that does not answer.
            await answer.FlushAsync(cancellation);
            await ReadAsync(answer, series.Over(served), read, cancellation);
            if (served.TrueForAll(placement.Gate.IsCurrent))
                LinkFrames.WriteEnd(answer);
            else
                LinkFrames.WriteError(answer, "while it was read, this node was cut off from the majority or its copies left the sync");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LinkFrames.WriteError(answer, e.Message);
        }
        await answer.FlushAsync(cancellation);
    }

    private async Task ReadAsync(System.IO.Pipelines.PipeWriter answer, NodeSeries from, ReadRequest read, CancellationToken cancellation)
    {
        switch (read.Kind)
        {
            case ReadKind.LabelNames:
                WriteTexts(answer, await from.LabelNamesAsync(read.MatcherSets, read.Min, read.Max, cancellation));
                break;
            case ReadKind.LabelValues:
                WriteTexts(answer, await from.LabelValuesAsync(read.Name, read.MatcherSets, read.Min, read.Max, cancellation));
                break;
            case ReadKind.Metadata:
                FactFrames.WriteMetadata(answer, from.Metadata(read.Name.Length > 0 ? read.Name : null));
                break;
            case ReadKind.Exemplars:
                FactFrames.WriteExemplars(answer, from.Exemplars(read.MatcherSets, read.Min, read.Max));
                break;
            case ReadKind.Newest:
                FactFrames.WriteNewest(answer, [.. read.Series.Select(from.Newest)]);
                break;
            case ReadKind.LabelSets:
                using (var lease = _memory?.Lease())
                {
                    lease?.Take(WriterBytes);
                    var frames = new SeriesFrames(answer);
                    var (found, lost) = await from.SeriesAsync(read.MatcherSets, read.Min, read.Max, cancellation);
                    foreach (var labels in found)
                    {
                        frames.Writer.Series(labels);
                        await frames.FlushFullAsync(cancellation);
                    }
                    frames.Finish();
                    WriteLost(answer, lost);
                }
                break;
            case ReadKind.Fragments:
                await FragmentsAsync(answer, from, read.Fragments!, cancellation);
                break;
            default:
                using (var lease = _memory?.Lease())
                    await SamplesAsync(answer, from, read, lease, cancellation);
                break;
        }
    }

    private static void WriteTexts(System.IO.Pipelines.PipeWriter answer, Partial<IReadOnlyList<string>> told)
    {
        FactFrames.WriteTexts(answer, told.Value);
        WriteLost(answer, told.Warnings);
    }

    private static void WriteLost(System.IO.Pipelines.PipeWriter answer, IReadOnlyList<string> lost)
    {
        if (lost.Count > 0)
            FactFrames.WriteTexts(answer, lost, ReadFrameKinds.Warnings);
    }

    private async Task FragmentsAsync(System.IO.Pipelines.PipeWriter answer, NodeSeries from, FragmentRequest asked, CancellationToken cancellation)
    {
        using var results = await engine.ExecuteFragmentsAsync(asked, from, cancellation);
        foreach (var content in new FragmentFrameWriter().Frames(asked, results.Parts))
        {
            LinkFrames.Write(answer, ReadFrameKinds.Fragments, content.Span);
            if ((await answer.FlushAsync(cancellation)).IsCompleted)
                throw new OperationCanceledException("the caller has gone");
        }
    }

    private static async Task SamplesAsync(System.IO.Pipelines.PipeWriter answer, NodeSeries from, ReadRequest read, IReadBudget? lease, CancellationToken cancellation)
    {
        if (read.MatcherSets.Count != 1)
            throw new InvalidDataException($"samples of {read.MatcherSets.Count} matcher sets were asked for, one is possible");
        lease?.Take(WriterBytes);
        var frames = new SeriesFrames(answer);
        using var selection = await from.SelectAsync(new SeriesRequest(read.MatcherSets[0], read.Min, read.Max), cancellation);
        var samples = new SampleBuffer();
        for (var i = 0; i < selection.Count; i++)
        {
            selection.Read(i, samples);
            frames.Writer.Series(selection.LabelsAt(i));
            for (var first = 0; first < samples.Count; first += SeriesFrameWriter.MaxRun)
            {
                frames.Writer.Run(samples, first, Math.Min(SeriesFrameWriter.MaxRun, samples.Count - first));
                await frames.FlushFullAsync(cancellation);
            }
            await frames.FlushFullAsync(cancellation);
        }
        frames.Finish();
        // Damage shows while samples are read.
        WriteLost(answer, selection.Warnings);
    }

    private (List<PartitionId> Served, List<PartitionId> Refused) Split(IReadOnlyList<PartitionId> asked)
    {
        var now = placement.Current;
        List<PartitionId> served = [], refused = [];
        foreach (var partition in asked)
            (now.IsHere(partition) && table[partition] is not null && placement.Gate.IsCurrent(partition) ? served : refused).Add(partition);
        return (served, refused);
    }

    /// <summary>A frame goes out when it is full.</summary>
    private sealed class SeriesFrames(System.IO.Pipelines.PipeWriter answer)
    {
        public SeriesFrameWriter Writer { get; } = new();

        public async ValueTask FlushFullAsync(CancellationToken cancellation)
        {
            if (!Writer.IsFull)
                return;
            Finish();
            Writer.Begin();
            var flushed = await answer.FlushAsync(cancellation);
            if (flushed.IsCompleted)
                throw new OperationCanceledException("the caller has gone");
        }

        public void Finish()
        {
            if (!Writer.IsEmpty)
                LinkFrames.Write(answer, ReadFrameKinds.Series, Writer.Content);
        }
    }
}
