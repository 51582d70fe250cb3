using System.Text;
using System.Text.Json;
using ActorMon.Api.Http;
using ActorMon.Api.Notifications;
using ActorMon.Api.Ports;
using ActorMon.Model.Reading;
using ActorMon.Model.Telemetry;
using ActorMon.PromQL.Execution;
using ActorMon.PromQL.Results;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ActorMon.Api.Tests.Support;

/// <summary>The whole HTTP surface over fakes; requests go to the router directly.</summary>
internal sealed class ApiWorld : IQueryPort
{
    /// <summary>Now, in ms.</summary>
    public const long Now = 1_700_000_000_000;

    private readonly QueryEngine _engine;
    private readonly ApiRouter _router;

    public ApiWorld(Func<ApiSettings, ApiSettings>? change = null, IStorageAdminPort? admin = null, bool withoutAlertmanager = false)
    {
        Alertmanager = new LoneAlertmanager(Time);
        _engine = new QueryEngine(new QueryEngineOptions(), Time);
        Notifications = new NodeNotifications(2, Metrics, Time);
        var settings = new ApiSettings { ExternalUrl = new Uri("http://monitor.example:9090/"), EnableRemoteWrite = true };
        settings = change?.Invoke(settings) ?? settings;
        var ports = new ApiPorts(this, Storage, Node, Storage, Node, Notifications)
        {
            Admin = admin,
            Admission = Cardinality,
            Cardinality = Cardinality,
            Cluster = Cluster,
            Rules = Rules,
            Alertmanager = withoutAlertmanager ? null : Alertmanager,
            SilenceEdits = Alertmanager,
            AlertTrials = Trials,
            RecurringSilences = Alertmanager,
            Acknowledgements = Alertmanager,
        };
        var routes = ApiRoutes.Build(ports, settings, Metrics, Time);
        Routes = routes.All;
        _router = new ApiRouter(routes, Node, settings, new HttpMetrics(Metrics), Time, NullLogger<ApiRouter>.Instance);
    }

    public IReadOnlyList<Route> Routes { get; }
    public NodeNotifications Notifications { get; }
    public FakeTimeProvider Time { get; } = new(DateTimeOffset.FromUnixTimeMilliseconds(Now));
    public FakeStorage Storage { get; } = new();
    public FakeNode Node { get; } = new();
    public FakeCardinality Cardinality { get; } = new();
    public FakeCluster Cluster { get; } = new();
    public FakeRules Rules { get; } = new();
    public LoneAlertmanager Alertmanager { get; }
    public FakeTrials Trials { get; } = new();
    public MetricRegistry Metrics { get; } = new();

    /// <summary>Answers queries instead of the engine.</summary>
    public Func<QueryRequest, QueryAnswer>? Answer { get; set; }
    public QueryRequest? LastRequest { get; private set; }
    public TimeSpan? LastTimeout { get; private set; }

    public RequestDelegate Handler => _router.HandleAsync;

    public async Task<QueryAnswer> ExecuteAsync(QueryRequest request, TimeSpan? timeout, CancellationToken cancellation)
    {
        (LastRequest, LastTimeout) = (request, timeout);
        return Answer is { } answer ? answer(request) : new QueryAnswer(await _engine.ExecuteAsync(request, Storage, cancellation), TimeSpan.FromMilliseconds(2));
    }

    public List<ClusterQuery> Running { get; } = [];

    /// <summary>Nodes that do not tell of their queries.</summary>
    public IReadOnlyList<string> Silent { get; set; } = [];

    public Task<Partial<IReadOnlyList<ClusterQuery>>> ListAsync(CancellationToken cancellation) => Task.FromResult(new Partial<IReadOnlyList<ClusterQuery>>(Running, Silent));

    public Task<Partial<bool>> KillAsync(QueryId id, CancellationToken cancellation) => Task.FromResult(new Partial<bool>(Running.RemoveAll(query => query.Id == id) > 0, Silent));

    public static QueryAnswer Value(QueryValue value, string[]? warnings = null, string[]? infos = null) =>
        new(new QueryResult(value, null, warnings ?? [], infos ?? [], QueryStats.None), TimeSpan.Zero);

    public static QueryAnswer Failure(QueryErrorKind kind, string text) => new(new QueryResult(null, new QueryError(kind, text), [], [], QueryStats.None), TimeSpan.Zero);

    public Task<ApiReply> Get(string target, params (string Name, string Value)[] headers) => Send("GET", target, null, null, headers);

    public Task<ApiReply> PostJson(string target, string json) => Send("POST", target, Encoding.UTF8.GetBytes(json), "application/json");

    public Task<ApiReply> PostForm(string target, string form) => Send("POST", target, Encoding.ASCII.GetBytes(form), "application/x-www-form-urlencoded");

    public async Task<ApiReply> Send(string method, string target, byte[]? body = null, string? contentType = null, params (string Name, string Value)[] headers)
    {
        var context = new DefaultHttpContext();
        var split = target.IndexOf('?', StringComparison.Ordinal);
        context.Request.Method = method;
        context.Request.Path = PathString.FromUriComponent(split < 0 ? target : target[..split]);
        context.Request.QueryString = new QueryString(split < 0 ? "" : target[split..]);
        context.Request.ContentType = contentType;
        foreach (var (name, value) in headers)
            context.Request.Headers.Append(name, value);
        if (body is not null)
        {
            context.Request.Body = new MemoryStream(body);
            context.Request.ContentLength = body.Length;
        }
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        await _router.HandleAsync(context);
        await context.Response.CompleteAsync();
        return new ApiReply(context.Response.StatusCode, context.Response.Headers, answer.ToArray());
    }
}

internal sealed record ApiReply(int Status, IHeaderDictionary Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public string ContentType => Headers.ContentType.ToString();

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public JsonElement Data => Json.GetProperty("data");

    /// <summary>status, errorType and error in one text: what most tests of failures look at.</summary>
    public string Failure => $"{Status} {Json.GetProperty("errorType").GetString()}: {Json.GetProperty("error").GetString()}";
}
