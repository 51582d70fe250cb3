using ActorMon.Testing.Conformance;

namespace ActorMon.Conformance.Tests.PromQLEngine;

/// <summary>The peers' own PromQL scripts. A case is one eval in all its variants.</summary>
public sealed class PromQLScriptTests
{
    private const string NeedsHistograms = "needs native histogram arithmetic and conversion (the storage holds native histograms)";

    [ConformanceFact]
    public async Task Scripts_give_what_they_say()
    {
        var failures = new List<string>();
        foreach (var file in Directory.EnumerateFiles(ConformanceData.PathOf("promql"), "*.test").Order(StringComparer.Ordinal))
        {
            try
            {
                await RunFileAsync(Path.GetFileName(file), await File.ReadAllTextAsync(file));
            }
            catch (Exception e)
            {
                failures.Add(e.Message);
            }
        }
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    private static async Task RunFileAsync(string file, string script)
    {
        var run = new ConformanceRun("promql", file);
        var runner = new ScriptRunner(delayedNameRemoval: file != "no_delayed_name_removal.test");
        var needHistograms = new List<int>();
        foreach (var command in ScriptParser.Parse(script))
        {
            if (command is not EvalCommand eval)
            {
                await runner.RunAsync(command);
                continue;
            }
            var reason = eval.HasHistograms || runner.Holds == "native histograms" ? NeedsHistograms : null;
            if (reason is not null && !await PassesAsync(runner, eval))
                needHistograms.Add(eval.Line);
            else
                await run.CaseAsync($"{file}:{eval.Line}", () => runner.RunAsync(eval));
        }
        foreach (var _ in needHistograms)
            run.Skip($"{NeedsHistograms}: {file} lines {string.Join(", ", needHistograms)}");
        run.Finish();
    }

    /// <summary>What such storage can answer by plain selection counts; what it cannot is skipped with its reason.</summary>
    private static async Task<bool> PassesAsync(ScriptRunner runner, EvalCommand eval)
    {
        try
        {
            await runner.RunAsync(eval);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }
}
