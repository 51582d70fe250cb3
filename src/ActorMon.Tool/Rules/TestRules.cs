using System.Globalization;
using System.Text.RegularExpressions;
using ActorMon.Configuration.Files;
using ActorMon.Configuration.Rules;
using ActorMon.Rules.Files;
using ActorMon.Rules.UnitTests;
using ActorMon.Tool.Tsdb;

namespace ActorMon.Tool.Rules;

/// <summary><c>test rules</c>: runs files of rule unit tests. Output and exit codes are promtool's.</summary>
internal sealed class TestRules
{
    private readonly CommandArguments _given;
    private readonly RuleChecks _checks;
    private readonly Regex? _filter;
    private readonly TextWriter _output;
    private readonly TextWriter _errors;
    private readonly TimeProvider _time;
    private readonly JUnitReport _report = new();
    private readonly DiskConfigFiles _files = new();

    private TestRules(CommandArguments given, TextWriter output, TextWriter errors, TimeProvider time)
    {
        _given = given;
        _output = output;
        _errors = errors;
        _time = time;
        _checks = RuleFlags.Checks(given.All(RuleFlags.Feature));
        _filter = Filter(given.All("run"));
    }

    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter errors, TimeProvider time)
    {
        var given = new CommandArguments(arguments, ["junit", "run", RuleFlags.Feature], ["diff", "debug", RuleFlags.IgnoreUnknown]);
        if (given.Places.Count == 0 || given.Places[0] != "rules")
            throw new UsageException("unknown command \"test " + string.Join(' ', given.Places.Take(1)) + "\"");
        if (given.Places.Count == 1)
            throw new UsageException("required argument 'test-rule-file' not provided");
        var command = new TestRules(given, output, errors, time);
        var failed = false;
        foreach (var file in RuleFlags.Files(given.Places.Skip(1)))
            failed |= !await command.FileAsync(file).ConfigureAwait(false);
        if (given.Last("junit") is { } report)
            command._report.Write(report);
        return failed ? 1 : 0;
    }

    /// <summary>False: something failed.</summary>
    private async Task<bool> FileAsync(string path)
    {
        var suite = _report.Suite(path);
        var problems = await RunAsync(path, suite).ConfigureAwait(false);
        if (problems.Count == 0)
            _output.WriteLine("  SUCCESS");
        else
            _errors.WriteLine("  FAILED:");
        foreach (var problem in problems)
        {
            _errors.WriteLine(problem);
            _output.WriteLine();
        }
        _output.WriteLine();
        return problems.Count == 0;
    }

    private async Task<List<string>> RunAsync(string path, JUnitReport.TestSuite suite)
    {
        var read = UnitTestFileReader.Read(path, _files);
        if (read.File is not { } file)
        {
            suite.Abort(string.Join('\n', read.Errors));
            return [.. read.Errors];
        }
        suite.Time = _time.GetUtcNow();
        foreach (var pattern in file.RuleFiles)
            if (_files.Glob(pattern).Count == 0)
                _errors.WriteLine($"  WARNING: no file match pattern {pattern}");
        var rules = RuleFilesLoader.Load(file.RuleFiles, _files, _checks, _given.Has(RuleFlags.IgnoreUnknown));
        var runner = new UnitTestRunner(file, rules.Files, _checks);
        var problems = new List<string>();
        for (var i = 0; i < file.Tests.Count; i++)
        {
            var test = file.Tests[i];
            if (_filter is not null && !_filter.IsMatch(test.Name))
                continue;
            var name = test.Name.Length > 0 ? test.Name : string.Create(CultureInfo.InvariantCulture, $"unnamed#{i}");
            var found = rules.IsLoaded ? await TestAsync(name, test, file, runner).ConfigureAwait(false) : [.. rules.Errors.Select(e => e.ToString())];
            suite.Case(name, found);
            problems.AddRange(found);
        }
        return problems;
    }

    private async Task<List<string>> TestAsync(string name, UnitTest test, UnitTestFile file, UnitTestRunner runner)
    {
        if (_given.Has("debug"))
            _errors.WriteLine($"DEBUG: Starting test {name}");
        var start = _time.GetTimestamp();
        var outcome = await runner.RunAsync(test, CancellationToken.None).ConfigureAwait(false);
        if (_given.Has("debug"))
        {
            if (outcome.Store is { } store)
                await UnitTestDump.WriteAsync(store, test, file, _errors).ConfigureAwait(false);
            _errors.WriteLine($"DEBUG: Test {name} finished, took {GoText.Duration((long)_time.GetElapsedTime(start).TotalMilliseconds)}");
        }
        return [.. outcome.Failures.Select(f => UnitTestText.Of(f, _given.Has("diff")))];
    }

    private static Regex? Filter(IReadOnlyList<string> patterns)
    {
        if (patterns.Count == 0)
            return null;
        try
        {
            return new Regex(string.Join('|', patterns), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new UsageException($"flag '--run': {e.Message}");
        }
    }
}
