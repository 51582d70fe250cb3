using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Http.Headers;
using ActorMon.Http;
using ActorMon.Http.Errors;
using ActorMon.Http.Options;
using ActorMon.Protocol.Links;

namespace ActorMon.Actors.Links;

/// <summary>
/// Calls other nodes over pooled HTTP/1.1 connections. Each operation has at most <see cref="MaxOpenCalls"/> calls open to one peer, so a slow one cannot hold up another;
/// further calls wait within their deadline.
/// </summary>
/// <param name="identity">This node, as it stands at each call.</param>
/// <param name="mapVersion">Version of this node's partition map.</param>
/// <param name="tls">Authorities, certificate and key; files are read again when they change.</param>
public sealed class HttpNodeLinks(Func<LinkIdentity> identity, Func<long> mapVersion, TlsOptions tls, LinkMetrics metrics, TimeProvider time) : INodeLinks, IDisposable
{
    /// <summary>
    /// Calls of one operation to one peer that may be open: more than queries run at once by default, because a read that waits for a place looks like one that a dead node
    /// does not answer.
    /// </summary>
    public const int MaxOpenCalls = 64;

    private const int MaxGates = 4096;
    private const int MaxErrorBytes = 16 << 10;
    private static readonly StreamPipeReaderOptions ReadOptions = new(bufferSize: 64 << 10, leaveOpen: true);

    private readonly HttpMessageInvoker _http = HttpClients.Create(
        new HttpClientOptions { Tls = tls, EnableHttp2 = false, FollowRedirects = false }, HttpClientContext.Default with { Time = time });

    private readonly ConcurrentDictionary<(string Peer, string Operation), SemaphoreSlim> _gates = [];

    public void Dispose() => _http.Dispose();

    public async Task<LinkAnswer> CallAsync(LinkPeer peer, string operation, Action<IBufferWriter<byte>> body, TimeSpan timeout, CancellationToken cancellation)
    {
        // Written before the first wait: the caller's data need not outlive this call's begin.
        var content = new RequestBody();
        body(content);
        var name = peer.ToString();
        metrics.Calls.With(operation, name).Add();
        var call = new OpenCall(GateOf(name, operation), timeout, time, cancellation);
        try
        {
            await call.EnterAsync().ConfigureAwait(false);
            using var request = RequestTo(peer, operation, content);
            call.Response = await _http.SendAsync(request, call.Deadline).ConfigureAwait(false);
            metrics.BytesSent.With(operation, name).Add(content.Written.Length);
            content.GiveBack();
            var answer = await AnswerOfAsync(call, name, operation).ConfigureAwait(false);
            if (!answer.IsOk)
            {
                metrics.CallsRefused.With(operation, name).Add();
                await call.EndAsync().ConfigureAwait(false);
            }
            return answer;
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            await call.EndAsync().ConfigureAwait(false);
            metrics.CallFailures.With(operation, name).Add();
            return e is OperationCanceledException
                ? new LinkAnswer(LinkStatus.TimedOut, $"{name} did not answer {operation} within {timeout.TotalSeconds:0.###} s", 0, null)
                : new LinkAnswer(LinkStatus.Unreachable, $"{operation} at {name}: {HttpErrors.Cause(e)}", 0, null);
        }
        catch
        {
            await call.EndAsync().ConfigureAwait(false);
            throw;
        }
    }

    private HttpRequestMessage RequestTo(LinkPeer peer, string operation, RequestBody content)
    {
        var self = identity();
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(peer.Endpoint, LinkHeaders.PathPrefix + operation)) { Content = new ReadOnlyMemoryContent(content.Written) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(LinkHeaders.ContentType);
        var headers = request.Headers;
        headers.Add(LinkHeaders.WireVersion, LinkIdentity.WireVersion.ToString(CultureInfo.InvariantCulture));
        if (self.Cluster != Guid.Empty)
        {
            headers.Add(LinkHeaders.Cluster, self.Cluster.ToString("D"));
            headers.Add(LinkHeaders.Partitions, self.Partitions.ToString(CultureInfo.InvariantCulture));
        }
        headers.Add(LinkHeaders.HashVersion, self.HashVersion.ToString(CultureInfo.InvariantCulture));
        headers.Add(LinkHeaders.Node, self.Node);
        headers.Add(LinkHeaders.Incarnation, self.Incarnation.ToString("x16", CultureInfo.InvariantCulture));
        headers.Add(LinkHeaders.MapVersion, mapVersion().ToString(CultureInfo.InvariantCulture));
        if (peer.Incarnation != 0)
            headers.Add(LinkHeaders.Addressee, peer.Incarnation.ToString("x16", CultureInfo.InvariantCulture));
        return request;
    }

    private async Task<LinkAnswer> AnswerOfAsync(OpenCall call, string peer, string operation)
    {
        var response = call.Response!;
        var version = NumberIn(response, LinkHeaders.MapVersion) ?? 0;
        var stream = await response.Content.ReadAsStreamAsync(call.Deadline).ConfigureAwait(false);
        if (NumberIn(response, LinkHeaders.Status) is not { } number || number is < 0 or > byte.MaxValue)
            return new LinkAnswer(LinkStatus.WrongNode, $"{peer} is no node's link: it answers {operation} with HTTP {(int)response.StatusCode}", 0, null);
        var status = (LinkStatus)number;
        if (status != LinkStatus.Ok)
            return new LinkAnswer(status, $"{operation} at {peer}: {await ErrorAsync(stream, call.Deadline).ConfigureAwait(false)}", version, null);
        var frames = new LinkFrameReader(PipeReader.Create(stream, ReadOptions), peer, deadline: call.Deadline);
        var received = metrics.BytesReceived.With(operation, peer);
        var failures = metrics.CallFailures.With(operation, peer);
        return new LinkAnswer(LinkStatus.Ok, null, version, frames, async () =>
        {
            received.Add(frames.BytesRead);
            if (frames.IsBroken)
                failures.Add();
            await call.EndAsync().ConfigureAwait(false);
        });
    }

    private static async Task<string> ErrorAsync(Stream stream, CancellationToken deadline)
    {
        var bytes = new byte[MaxErrorBytes];
        var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, deadline).ConfigureAwait(false);
        return Model.Text.ByteText.Decode(bytes.AsSpan(0, length));
    }

    private static long? NumberIn(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values) && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private SemaphoreSlim GateOf(string peer, string operation)
    {
        // Nodes that came and went; whoever holds an old gate gives it back all the same.
        if (_gates.Count >= MaxGates)
            _gates.Clear();
        return _gates.GetOrAdd((peer, operation), _ => new SemaphoreSlim(MaxOpenCalls));
    }
}
