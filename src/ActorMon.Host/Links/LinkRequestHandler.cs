using System.Globalization;
using ActorMon.Actors.Links;
using ActorMon.Model.Text;
using ActorMon.Protocol.Links;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace ActorMon.Host.Links;

/// <summary>
/// Takes one request of another node: who asks, what, how much; then the operation. Whatever is wrong with a request ends that request, and at most its connection.
/// </summary>
/// <param name="identity">This node, as it stands at each request.</param>
/// <param name="mapVersion">Version of this node's partition map.</param>
public sealed class LinkRequestHandler(
    Func<LinkIdentity> identity, Func<long> mapVersion, IReadOnlyList<ILinkOperation> operations, LinkMetrics metrics, ILogger<LinkRequestHandler> log)
{
    /// <summary>Connections of all peers.</summary>
    public const int MaxConnections = 1024;

    private readonly Dictionary<string, ILinkOperation> _operations = operations.ToDictionary(operation => operation.Name, StringComparer.Ordinal);
    private readonly OpenRequests _open = new();

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers[LinkHeaders.MapVersion] = mapVersion().ToString(CultureInfo.InvariantCulture);
        var path = context.Request.Path.Value ?? "";
        var name = path.StartsWith(LinkHeaders.PathPrefix, StringComparison.Ordinal) ? path[LinkHeaders.PathPrefix.Length..] : "";
        if (!_operations.TryGetValue(name, out var operation) || !HttpMethods.IsPost(context.Request.Method))
        {
            await RefuseAsync(context, "unknown", LinkStatus.UnknownOperation, $"this node knows no operation {context.Request.Method} {GoQuote.Quote(path)}");
            return;
        }
        var caller = LinkCaller.Of(context.Request.Headers);
        if (caller.Problem(identity(), operation.ServesStrangers) is { } problem)
        {
            // Whoever asks the wrong node does not need this connection.
            context.Response.Headers.Connection = "close";
            await RefuseAsync(context, name, LinkStatus.WrongNode, problem);
            return;
        }
        var bounds = operation.Bounds;
        if (context.Request.ContentLength > bounds.MaxBodyBytes)
        {
            await RefuseAsync(context, name, LinkStatus.Malformed, $"a body of {context.Request.ContentLength} bytes; {name} takes at most {bounds.MaxBodyBytes}");
            return;
        }
        if (!_open.TryEnter(caller.Sender.Node, name, bounds.MaxConcurrent))
        {
            await RefuseAsync(context, name, LinkStatus.Busy, $"{bounds.MaxConcurrent} requests for {name} of node {caller.Sender.Node} are open, which is the limit");
            return;
        }
        try
        {
            metrics.Requests.With(name, caller.Sender.Node).Add();
            context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = bounds.MaxBodyBytes;
            await RunAsync(context, operation, caller);
        }
        finally
        {
            _open.Leave(caller.Sender.Node, name);
        }
    }

    private async Task RunAsync(HttpContext context, ILinkOperation operation, LinkCaller caller)
    {
        var response = context.Response;
        response.ContentType = LinkHeaders.ContentType;
        response.Headers[LinkHeaders.Status] = "0";
        var request = new LinkRequest { Sender = caller.Sender, MapVersion = caller.MapVersion, Body = context.Request.BodyReader, Answer = response.BodyWriter };
        LinkStatus status;
        string error;
        try
        {
            await operation.HandleAsync(request, context.RequestAborted);
            (status, error) = (request.Status, request.Error ?? "");
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (LinkBrokenException e)
        {
            log.LogWarning("Request {Operation} of node {Node} is broken: {Error}", operation.Name, caller.Sender.Node, e.Message);
            (status, error) = (LinkStatus.Malformed, e.Message);
        }
        catch (Exception e)
        {
            log.LogError(e, "Operation {Operation} failed at a request of node {Node}", operation.Name, caller.Sender.Node);
            metrics.RequestFailures.With(operation.Name).Add();
            (status, error) = (LinkStatus.Failed, e.Message);
        }
        if (status == LinkStatus.Ok)
            return;
        // What is left of the body is of no use to anybody.
        if (response.HasStarted)
        {
            context.Abort();
            return;
        }
        if (status is LinkStatus.Malformed or LinkStatus.Failed)
            response.Headers.Connection = "close";
        await RefuseAsync(context, operation.Name, status, error);
    }

    private Task RefuseAsync(HttpContext context, string operation, LinkStatus status, string error)
    {
        metrics.RequestsRefused.With(operation, status.ToString()).Add();
        var response = context.Response;
        response.StatusCode = status switch
        {
            LinkStatus.Malformed => StatusCodes.Status400BadRequest,
            LinkStatus.WrongNode => StatusCodes.Status409Conflict,
            LinkStatus.UnknownOperation => StatusCodes.Status404NotFound,
            LinkStatus.Busy => StatusCodes.Status503ServiceUnavailable,
            LinkStatus.NotHeld => StatusCodes.Status421MisdirectedRequest,
            _ => StatusCodes.Status500InternalServerError,
        };
        response.Headers[LinkHeaders.Status] = ((byte)status).ToString(CultureInfo.InvariantCulture);
        response.ContentType = "text/plain; charset=utf-8";
        return response.Body.WriteAsync(ByteText.Encode(error), context.RequestAborted).AsTask();
    }
}
