using ActorMon.Model.Matchers;
using ActorMon.PromQL.Parsing;
using ActorMon.Tsdb.Foreign;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Transfer;

namespace ActorMon.Tool.Tsdb;

/// <summary>A command that cannot do what it was asked; the message goes to the errors, the exit code is 1.</summary>
internal sealed class ToolException(string message) : Exception(message);

/// <summary>A data directory that nobody runs on, of a node or of Prometheus, opened for reading.</summary>
internal abstract class TsdbSource : IDisposable
{
    /// <summary>Where commands look when no directory is named.</summary>
    public const string DefaultPath = "data/";

    /// <summary>Heading of the first column of its table.</summary>
    public abstract string Kind { get; }

    /// <summary>Its blocks or parts, by time.</summary>
    public abstract IReadOnlyList<BlockRow> Blocks();

    /// <summary>Series that match any of the sets, with samples between the times, both included, in the order of their labels. Series without samples there may come too.</summary>
    public abstract ISeriesCursor Select(IReadOnlyList<IReadOnlyList<Matcher>> sets, long min, long max);

    /// <summary>What goes into the analysis; <paramref name="block"/> null: the last block, or all there is.</summary>
    public abstract AnalysedBlock Block(string? block);

    /// <summary>Reads everything and tells of each piece; false: something is damaged.</summary>
    public abstract bool Verify(TextWriter output);

    public abstract void Dispose();

    /// <exception cref="ToolException">It is no such directory, or in use.</exception>
    public static TsdbSource Open(string path, TextWriter errors)
    {
        var files = DiskFiles.Instance;
        if (!Directory.Exists(path))
            throw new ToolException($"{path} does not exist");
        path = Path.TrimEndingDirectorySeparator(path);
        if (NodeReader.IsNodeDirectory(files, path))
        {
            var held = DiskFiles.TryHold(Path.Combine(path, DataDirectory.LockFile)) ?? throw new ToolException($"{path} is in use by a node; stop it first");
            var opened = NodeReader.Open(path, files, held, TimeProvider.System);
            return new NodeSource(opened.Reader ?? throw new ToolException(opened.Error!));
        }
        if (PrometheusDirectory.Sign(files, path) is null)
            throw new ToolException($"{path} holds neither a node's data nor blocks or a log of Prometheus");
        return new PrometheusSource(path, HoldPrometheus(path), errors);
    }

    /// <summary>Keeps Prometheus from starting while its directory is read, which it would change meanwhile.</summary>
    /// <exception cref="ToolException">It runs.</exception>
    public static IDisposable HoldPrometheus(string path) =>
        DiskFiles.TryHold(Path.Combine(path, "lock")) ?? throw new ToolException($"{path} is in use by a Prometheus that runs; stop it first");

    /// <summary>The matchers of selectors.</summary>
    /// <exception cref="ToolException">One does not parse.</exception>
    public static IReadOnlyList<IReadOnlyList<Matcher>> Matchers(IEnumerable<string> selectors)
    {
        var sets = new List<IReadOnlyList<Matcher>>();
        foreach (var selector in selectors)
        {
            var parsed = PromQLParser.ParseMatchers(selector);
            sets.Add(parsed.Matchers ?? throw new ToolException(parsed.ErrorText!));
        }
        return sets;
    }
}
