using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace ActorMon.Host.Logging;

/// <summary>Logs go to standard error: readable text, or one JSON object a line with every property. Times are UTC.</summary>
public static class NodeLogging
{
    private const string TextTemplate = "{Timestamp:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {Level:u3} {SourceContext:l}: {Message:lj}{NewLine}{Exception}";

    public static Logger Create(string level, string format)
    {
        var settings = new LoggerConfiguration()
            .MinimumLevel.Is(LevelOf(level))
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("System", LogEventLevel.Warning)
            // What ends the node is told once, by the program itself.
            .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal)
            .Enrich.FromLogContext();
        if (LevelOf(level) != LogEventLevel.Debug)
            settings = settings.Filter.ByExcluding(IsAkkaHousekeeping);
        return (format == "json"
            ? settings.WriteTo.Console(new RenderedCompactJsonFormatter(), standardErrorFromLevel: LogEventLevel.Verbose)
            : settings.WriteTo.Console(outputTemplate: TextTemplate, standardErrorFromLevel: LogEventLevel.Verbose, formatProvider: System.Globalization.CultureInfo.InvariantCulture))
            .CreateLogger();
    }

    /// <summary>The level of Akka's own configuration for a level of the command line.</summary>
    public static string AkkaLevelOf(string level) => level switch
    {
        "debug" => "DEBUG",
        "warn" => "WARNING",
        "error" => "ERROR",
        _ => "INFO",
    };

    /// <summary>Akka's own actors tell of every state they pass through; below a warning that is of use only when debugging the cluster itself.</summary>
    private static bool IsAkkaHousekeeping(LogEvent log) =>
        log.Level == LogEventLevel.Information && log.Properties.TryGetValue("ActorPath", out var path) && path is ScalarValue { Value: string text }
        && (text.Contains("/system/", StringComparison.Ordinal) || text.EndsWith("/deadLetters", StringComparison.Ordinal) || text.EndsWith("/user/control", StringComparison.Ordinal)
            || text.EndsWith("/user/control-proxy", StringComparison.Ordinal));

    private static LogEventLevel LevelOf(string level) => level switch
    {
        "debug" => LogEventLevel.Debug,
        "warn" => LogEventLevel.Warning,
        "error" => LogEventLevel.Error,
        _ => LogEventLevel.Information,
    };
}
