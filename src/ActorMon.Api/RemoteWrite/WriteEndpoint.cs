using System.Buffers;
using System.Collections.Concurrent;
using ActorMon.Api.Http;
using ActorMon.Api.Ports;
using ActorMon.Model.Ingest;
using ActorMon.Model.Labels;
using ActorMon.Model.Telemetry;
using ActorMon.RemoteWrite.Content;
using ActorMon.RemoteWrite.Decoding;
using Microsoft.AspNetCore.Http;

namespace ActorMon.Api.RemoteWrite;

/// <summary>
/// POST /api/v1/write, remote write 1.0: snappy block, protobuf, all or nothing. 204 when every replica has the samples; 400 for what must not be sent again,
/// 503 for what may.
/// </summary>
public sealed class WriteEndpoint(IIngestPort ingest, IStoragePort storage, ISeriesAdmission series, ApiSettings settings, WriteMetrics metrics, RefusedSamples refused, TimeProvider time)
{
    private readonly WriteAdmission _admission = new(series, settings.OutOfOrderWindow, settings.Retention, refused, time);

    /// <summary>Idle workers kept; more are made when more requests are read at once, and let go after.</summary>
    private static readonly int MaxIdle = 2 * Environment.ProcessorCount;

    /// <summary>Decoders with their label caches and columns, one for each request that is being read at a time.</summary>
    private readonly ConcurrentBag<Worker> _workers = [];

    public async Task HandleAsync(HttpContext context, string _)
    {
        if (!settings.EnableRemoteWrite)
        {
            await RefuseAsync(context, 404, "remote write receiver needs to be enabled with --web.enable-remote-write-receiver", "disabled");
            return;
        }
        var content = RemoteWriteContent.Parse(context.Request.ContentType, context.Request.Headers.ContentEncoding.ToString(), RemoteWriteMessage.V1);
        if (!content.IsAccepted)
        {
            await RefuseAsync(context, content.ErrorStatus, content.Error, "content");
            return;
        }
        var worker = _workers.TryTake(out var idle) ? idle : new Worker();
        try
        {
            await HandleAsync(context, worker);
        }
        finally
        {
            worker.Clear();
            if (_workers.Count < MaxIdle && worker.IsSmall)
                _workers.Add(worker);
        }
    }

    private async Task HandleAsync(HttpContext context, Worker worker)
    {
        if (!await worker.ReadBodyAsync(context.Request, SnappyBody.DefaultLimit, context.RequestAborted))
        {
            await RefuseAsync(context, 413, "http: request body too large", "too_large");
            return;
        }
        if (worker.Decode() is var (status, decodeError) && status != 0)
        {
            await RefuseAsync(context, status, decodeError, "decode");
            return;
        }
        if (worker.Request.InvalidSeries > 0)
            metrics.InvalidLabels.Add(worker.Request.InvalidSeries);
        var (stored, missing) = await storage.NewestAsync(worker.ValidSeries(), context.RequestAborted);
        if (missing.Count > 0)
        {
            // Neither order nor duplicates can be told now, so the sender is to come again.
            await RefuseAsync(context, 503, string.Join("; ", missing), "unavailable");
            return;
        }
        if (_admission.Admit(worker.Request, stored, worker.Samples, worker.Exemplars, out var leftOut) is { } refusal)
        {
            await RefuseAsync(context, 400, refusal, "admission");
            return;
        }
        var (outcome, error) = await ingest.WriteAsync(worker.Samples, worker.Exemplars, worker.Request.Metadata, context.RequestAborted);
        if (outcome != IngestStatus.Stored)
        {
            await RefuseAsync(context, outcome == IngestStatus.Rejected ? 400 : 503, error ?? "", outcome == IngestStatus.Rejected ? "rejected" : "unavailable");
            return;
        }
        metrics.Samples.Add(worker.Samples.Count);
        if (leftOut.Refusal is not null)
        {
            // Sending it again would not help, so the sender must not: 400, with what was left out and why.
            metrics.SamplesLeftOut.Add(leftOut.Samples);
            await RefuseAsync(context, 400, leftOut.Text, "series_limit");
            return;
        }
        context.Response.StatusCode = 204;
    }

    private Task RefuseAsync(HttpContext context, int status, string text, string reason)
    {
        metrics.Refused.With(reason).Add();
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }

    /// <summary>The memory of one request at a time, reused.</summary>
    private sealed class Worker
    {
        private readonly WriteRequestDecoder _decoder = new();
        private readonly ArrayBufferWriter<byte> _body = new(64 * 1024);

        /// <summary>Its body buffer has not grown to a size that only a rare request needs.</summary>
        public bool IsSmall => _body.Capacity <= 4 << 20;

        public WriteRequest Request { get; } = new();

        public List<LooseSample> Samples { get; } = [];

        public List<SeriesExemplar> Exemplars { get; } = [];

        /// <summary>False: the body is longer than the limit.</summary>
        public Task<bool> ReadBodyAsync(HttpRequest request, int limit, CancellationToken cancellation) => LimitedBody.TryReadAsync(request, limit, _body, cancellation);

        /// <summary>Status 0: decoded.</summary>
        public (int Status, string Error) Decode()
        {
            if (!SnappyBody.TryDecode(_body.WrittenSpan, SnappyBody.DefaultLimit, out var decoded, out var status, out var error))
                return (status, error);
            using (decoded)
                return _decoder.TryDecode(decoded.Bytes, Request, out var fault) ? (0, "") : (400, fault);
        }

        /// <summary>Labels of the series that may be stored.</summary>
        public IEnumerable<LabelSet> ValidSeries()
        {
            for (var i = 0; i < Request.Series.Length; i++)
                if (Request.Series[i] is { IsValid: true } series)
                    yield return series.Labels.Labels;
        }

        public void Clear()
        {
            _body.ResetWrittenCount();
            Request.Clear();
            Samples.Clear();
            Exemplars.Clear();
        }
    }
}
