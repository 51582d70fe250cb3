using System.Buffers;
using ActorMon.Api.Ports;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;
using ActorMon.Model.Reading;
using ActorMon.Model.Samples;
using ActorMon.Model.Telemetry;
using ActorMon.Model.Wire;
using ActorMon.RemoteWrite.Content;
using ActorMon.RemoteWrite.Reading;
using Microsoft.AspNetCore.Http;
using Snappier;

namespace ActorMon.Api.RemoteRead;

/// <summary>
/// POST /api/v1/read: raw samples of series for another server's queries, as one snappy message or as a stream of chunk frames, whichever the client names first. The
/// external labels are added to what is sent and are taken out of what is asked, since nothing stored carries them.
/// </summary>
public sealed class ReadEndpoint
{
    private const long FlushBytes = 1 << 18;

    private readonly IStoragePort _storage;
    private readonly ApiSettings _settings;
    private readonly SemaphoreSlim _gate;
    private int _queries;

    public ReadEndpoint(IStoragePort storage, ApiSettings settings, MetricRegistry metrics)
    {
        (_storage, _settings) = (storage, settings);
        _gate = new SemaphoreSlim(Math.Max(1, settings.ReadConcurrency));
        metrics.Gauge(
            "prometheus_remote_read_handler_queries", "The current number of remote read queries that are either in execution or queued on the handler.",
            () => Volatile.Read(ref _queries));
    }

    public async Task HandleAsync(HttpContext context, string _)
    {
        Interlocked.Increment(ref _queries);
        try
        {
            await _gate.WaitAsync(context.RequestAborted);
            try
            {
                await AnswerAsync(context);
            }
            finally
            {
                _gate.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _queries);
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var (request, error) = await ReadAsync(context.Request, context.RequestAborted);
        if (request is null)
        {
            await RefuseAsync(context, 400, error);
            return;
        }
        if (request.Negotiate(out error) is not { } type)
        {
            await RefuseAsync(context, 400, error);
            return;
        }
        var external = _settings.ExternalLabels();
        var queries = new List<SeriesRequest>(request.Queries.Count);
        try
        {
            foreach (var query in request.Queries)
                queries.Add(new SeriesRequest([.. query.Matchers.Select(m => MatcherOf(m, external))], new TimestampMs(query.Start), new TimestampMs(query.End)));
        }
        catch (FormatException e)
        {
            // A regex that does not parse; the original answers so too.
            await RefuseAsync(context, 500, e.Message);
            return;
        }
        if (type == ReadResponseType.StreamedChunks)
            await StreamAsync(context, queries, external);
        else
            await SamplesAsync(context, queries, external);
    }

    private async Task SamplesAsync(HttpContext context, List<SeriesRequest> queries, LabelSet external)
    {
        var cancellation = context.RequestAborted;
        var response = new WireWriter();
        var samples = new SampleBuffer();
        long total = 0;
        foreach (var query in queries)
        {
            var result = response.Begin(1);
            using var selection = await _storage.SelectAsync(query, cancellation);
            if (await RefuseIncompleteAsync(context, selection))
                return;
            for (var i = 0; i < selection.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                selection.Read(i, samples);
                if (samples.Count == 0)
                    continue;
                total += samples.Count;
                if (_settings.ReadSampleLimit > 0 && total > _settings.ReadSampleLimit)
                {
                    await RefuseAsync(context, 400, $"exceeded sample limit ({_settings.ReadSampleLimit})");
                    return;
                }
                SeriesWriter.TimeSeries(response, 1, selection.LabelsAt(i), external, samples);
            }
            response.End(result);
        }
        context.Response.ContentType = "application/x-protobuf";
        context.Response.Headers.ContentEncoding = "snappy";
        Compress(response.Written, context.Response.BodyWriter);
        await context.Response.BodyWriter.FlushAsync(cancellation);
    }

    private async Task StreamAsync(HttpContext context, List<SeriesRequest> queries, LabelSet external)
    {
        var cancellation = context.RequestAborted;
        context.Response.ContentType = "application/x-streamed-protobuf; proto=prometheus.ChunkedReadResponse";
        var body = context.Response.BodyWriter;
        var frames = new ChunkFrames(body, external, _settings.ReadFrameBytes);
        var samples = new SampleBuffer();
        for (var q = 0; q < queries.Count; q++)
        {
            using var selection = await _storage.SelectAsync(queries[q], cancellation);
            if (await RefuseIncompleteAsync(context, selection))
                return;
            for (var i = 0; i < selection.Count; i++)
            {
                selection.Read(i, samples);
                if (samples.Count == 0)
                    continue;
                frames.Write(q, selection.LabelsAt(i), samples);
                if (body.UnflushedBytes >= FlushBytes)
                    await body.FlushAsync(cancellation);
            }
        }
        await body.FlushAsync(cancellation);
    }

    /// <summary>The format has no place for a warning, so what lacks data is no answer.</summary>
    private static async Task<bool> RefuseIncompleteAsync(HttpContext context, ISeriesSelection selection)
    {
        if (selection.Warnings.Count == 0)
            return false;
        if (context.Response.HasStarted)
            context.Abort();
        else
            await RefuseAsync(context, 503, string.Join("; ", selection.Warnings));
        return true;
    }

    /// <summary>Equality with an external label is what every stored series fulfils by not having the label.</summary>
    private static Matcher MatcherOf(ReadMatcher matcher, LabelSet external) =>
        matcher.Operator == MatchOperator.Equal && external.Has(matcher.Name) && external.Get(matcher.Name) == matcher.Value
            ? Matcher.Equal(matcher.Name, "")
            : new Matcher(matcher.Operator, matcher.Name, matcher.Value);

    private static async Task<(ReadRequest? Request, string Error)> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        var body = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellation);
            foreach (var segment in read.Buffer)
                body.Write(segment.Span);
            request.BodyReader.AdvanceTo(read.Buffer.End);
            // What is longer is refused as too long below.
            if (read.IsCompleted || body.WrittenCount > SnappyBody.DefaultLimit)
                break;
        }
        if (!SnappyBody.TryDecode(body.WrittenSpan, SnappyBody.DefaultLimit, out var decoded, out var _, out var error))
            return (null, error);
        using (decoded)
            return (ReadRequestDecoder.Decode(decoded.Bytes, out error), error);
    }

    private static void Compress(ReadOnlySpan<byte> message, IBufferWriter<byte> output)
    {
        var room = output.GetSpan(Snappy.GetMaxCompressedLength(message.Length));
        output.Advance(Snappy.Compress(message, room));
    }

    private static Task RefuseAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }
}
