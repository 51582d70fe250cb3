using System.Globalization;
using ActorMon.Tsdb.Foreign;
using ActorMon.Tsdb.Storage;
using ActorMon.Tsdb.Transfer;

namespace ActorMon.Tool.Tsdb;

/// <summary><c>tsdb import prometheus</c>: a Prometheus directory into a node's.</summary>
internal static class ImportPrometheus
{
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter errors)
    {
        var given = new CommandArguments(arguments, ImportOptions.Flags, [.. ImportOptions.Switches, "skip-damaged"]).Expect(1, 2, "source directory");
        var source = Path.TrimEndingDirectorySeparator(given.Places[0]);
        var path = given.Places.ElementAtOrDefault(1) ?? TsdbSource.DefaultPath;
        if (PrometheusDirectory.Sign(DiskFiles.Instance, source) is null)
            throw new ToolException($"{source} holds neither blocks nor a log of Prometheus");
        using var held = TsdbSource.HoldPrometheus(source);
        using var target = ImportOptions.Target(given, path);
        var damage = 0;
        var options = new PrometheusImportOptions(given.Has("skip-damaged"), ImportOptions.Memory(given));
        var import = new PrometheusImport(DiskFiles.Instance, source, target, options, problem =>
        {
            damage++;
            errors.WriteLine($"damaged, left out: {problem}");
        });
        var lines = new List<string[]> { new[] { "SOURCE", "MIN TIME", "MAX TIME", "DURATION", "NUM SAMPLES", "NUM SERIES", "PARTS" } };
        long samples = 0;
        foreach (var done in import.Run())
        {
            if (done.Problem is { } problem)
            {
                damage++;
                errors.WriteLine($"{done.Name}: not imported: {problem}");
                continue;
            }
            samples += done.Samples;
            lines.Add(Cells(done, given.Has("human-readable")));
        }
        if (!given.Has("quiet"))
        {
            BlockTable.Write(lines, output);
            output.Write(string.Create(CultureInfo.InvariantCulture, $"{samples} samples are in {target.Path}. A node deletes there what is older than its retention time.\n"));
        }
        return damage == 0 ? 0 : 1;
    }

    private static string[] Cells(ImportedSource done, bool humanReadable) =>
    [
        done.Name,
        humanReadable ? GoText.Time(done.MinTime) : done.MinTime.ToString(CultureInfo.InvariantCulture),
        humanReadable ? GoText.Time(done.MaxTime + 1) : (done.MaxTime + 1).ToString(CultureInfo.InvariantCulture),
        GoText.Duration(done.MaxTime + 1 - done.MinTime),
        done.Samples.ToString(CultureInfo.InvariantCulture),
        done.Series.ToString(CultureInfo.InvariantCulture),
        done.Parts.ToString(CultureInfo.InvariantCulture),
    ];
}
