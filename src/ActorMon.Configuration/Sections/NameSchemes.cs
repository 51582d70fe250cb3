using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Units;
using ActorMon.Model.Names;
using ActorMon.Model.Text;

namespace ActorMon.Configuration.Sections;

/// <summary>Metric name validation and escaping schemes: their names, and how a job's follow from the global ones.</summary>
internal static class NameSchemes
{
    public const string Utf8 = "utf8";
    public const string Legacy = "legacy";
    public const string AllowUtf8 = "allow-utf-8";
    public const string Underscores = "underscores";

    private const string EscapingNames = "'allow-utf-8', 'underscores', 'dots', or 'values'";

    public static readonly KeySpec ValidationKey = new("metric_name_validation_scheme", KeyKind.Text)
    {
        Default = "",
        TypeName = "model.ValidationScheme",
        Check = name => name is Utf8 or Legacy ? null : $"unrecognized ValidationScheme: {GoQuote.Quote(name)}",
    };

    public static readonly KeySpec EscapingKey = Key.Text("metric_name_escaping_scheme");

    public static NameValidation Validation(string name) => name == Legacy ? NameValidation.Legacy : NameValidation.Utf8;

    public static EscapingScheme Escaping(string name) => NameEscaping.TryParse(name, out var scheme) ? scheme : EscapingScheme.None;

    public static void CheckGlobal(ConfigSection global, ReadContext context)
    {
        var escaping = global.Text("metric_name_escaping_scheme");
        if (escaping.Length > 0 && !IsEscaping(escaping))
            context.Error(global, "metric_name_escaping_scheme",
                $"unknown global name escaping method specified, must be one of {EscapingNames}, got {GoQuote.Quote(escaping)}");
        else if (escaping == AllowUtf8 && global.Text("metric_name_validation_scheme") == Legacy)
            context.Error(global, "metric_name_escaping_scheme", "utf8 metric names requested but validation scheme is not set to UTF8");
    }

    /// <summary>A job without own schemes takes the global ones; one with its own validation infers its escaping from that.</summary>
    public static void ResolveJob(ConfigSection job, ConfigSection global, ReadContext context)
    {
        var inherited = !job.Has("metric_name_validation_scheme");
        if (inherited)
            job["metric_name_validation_scheme"] = global["metric_name_validation_scheme"];
        var validation = job.Text("metric_name_validation_scheme");
        if (!job.Has("metric_name_escaping_scheme"))
            job["metric_name_escaping_scheme"] = inherited && global.Has("metric_name_escaping_scheme") ? global["metric_name_escaping_scheme"]
                : validation == Legacy ? Underscores : AllowUtf8;
        var escaping = job.Text("metric_name_escaping_scheme");
        if (!IsEscaping(escaping))
        {
            if (job.IsWritten("metric_name_escaping_scheme"))
                context.Error(job, "metric_name_escaping_scheme",
                    $"unknown scrape config name escaping method specified, must be one of {EscapingNames}, got {GoQuote.Quote(escaping)}");
        }
        else if (escaping == AllowUtf8 && validation == Legacy && job.IsWritten("metric_name_escaping_scheme"))
        {
            context.Error(job, "metric_name_escaping_scheme", "utf8 metric names requested but validation scheme is not set to UTF8");
        }
    }

    private static bool IsEscaping(string name) => NameEscaping.TryParse(name, out _);
}
