using ActorMon.Model.Histograms;
using ActorMon.Model.Labels;
using ActorMon.Templates.Time;
using ActorMon.Templates.Values;

namespace ActorMon.Templates.Execution;

/// <summary>One element of a query's answer: a float, or a histogram when there is one.</summary>
public sealed record QuerySample(LabelSet Labels, double Value, NativeHistogram? Histogram = null);

/// <summary>A query's answer: the samples, or the error's text.</summary>
public sealed record QueryAnswer(IReadOnlyList<QuerySample> Samples, string? Error = null);

/// <summary>Runs an instant query at the time of the template's evaluation.</summary>
public delegate ValueTask<QueryAnswer> TemplateQuery(string expression, CancellationToken cancellation);

/// <summary>How an entry that a map lacks is taken (Go's missingkey option).</summary>
public enum MissingKey : byte
{
    /// <summary>Nothing: printed as &lt;no value&gt;.</summary>
    Default,

    /// <summary>The zero of the map's elements.</summary>
    Zero,

    /// <summary>The run fails.</summary>
    Error,
}

/// <summary>What a run sees of the world besides its data.</summary>
public sealed record TemplateEnvironment
{
    public static readonly TemplateEnvironment Default = new();

    /// <summary>The time of the evaluation (now).</summary>
    public GoTime Now { get; init; } = GoTime.FromUnix(0, 0);

    /// <summary>The address users reach the server by (externalURL, pathPrefix).</summary>
    public string ExternalUrl { get; init; } = "";

    public MissingKey MissingKey { get; init; } = MissingKey.Zero;

    /// <summary>Escape the output by where it stands in an HTML document (html/template).</summary>
    public bool IsHtml { get; init; }

    /// <summary>Gives a route's label by name (routeLabels); null: there are none.</summary>
    public Func<string, FunctionResult>? RouteLabel { get; init; }

    public TemplateLimits Limits { get; init; } = TemplateLimits.Default;
}
