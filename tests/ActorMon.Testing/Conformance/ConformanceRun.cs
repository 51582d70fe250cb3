using System.Text;
using System.Text.Json;
using Xunit;

namespace ActorMon.Testing.Conformance;

/// <summary>
/// One group of conformance cases: runs each, collects every failure, and at <see cref="Finish"/> writes one line of counts (for .ci/run) and fails the test
/// when any case failed. A skipped case needs a reason, and reasons are printed.
/// </summary>
public sealed class ConformanceRun(string folder, string group)
{
    /// <summary>Names the file to which each finished group appends a JSON line.</summary>
    public const string ReportVariable = "ACTORMON_CONFORMANCE_REPORT";

    private static readonly Lock ReportLock = new();
    private readonly List<string> _failures = [];
    private readonly Dictionary<string, int> _skipped = [];
    private int _passed;

    public void Case(string name, Action body)
    {
        try
        {
            body();
            _passed++;
        }
        catch (Exception e)
        {
            _failures.Add($"{name}: {e.Message}");
        }
    }

    public async Task CaseAsync(string name, Func<Task> body)
    {
        try
        {
            await body();
            _passed++;
        }
        catch (Exception e)
        {
            _failures.Add($"{name}: {e.Message}");
        }
    }

    public void Skip(string reason) => _skipped[reason] = _skipped.GetValueOrDefault(reason) + 1;

    /// <param name="expectedCases">What the kit's INDEX says the group holds; a run that saw another number fails.</param>
    public void Finish(int? expectedCases = null)
    {
        var skipped = _skipped.Values.Sum();
        var total = _passed + _failures.Count + skipped;
        Report(total, skipped);
        var text = new StringBuilder();
        if (_failures.Count > 0)
            text.AppendLine($"{folder}/{group}: {_failures.Count} of {total} failed");
        foreach (var failure in _failures.Take(60))
            text.AppendLine("  " + failure);
        Assert.True(_failures.Count == 0, text.ToString());
        Assert.True(total > 0, $"{folder}/{group} ran no case");
        if (expectedCases is { } expected)
            Assert.Equal(expected, total);
    }

    private void Report(int total, int skipped)
    {
        if (Environment.GetEnvironmentVariable(ReportVariable) is not { Length: > 0 } file)
            return;
        var line = JsonSerializer.Serialize(new { folder, group, passed = _passed, failed = _failures.Count, skipped, of = total, reasons = _skipped });
        lock (ReportLock)
            File.AppendAllText(file, line + "\n");
    }
}
