using System.Diagnostics;

namespace ActorMon.EndToEnd.Tests.Processes;

/// <summary>Programs that do one thing and end.</summary>
public static class Programs
{
    /// <summary>The published tool: $ACTORMON_TOOL or artifacts/actormon-tool/actormon-tool of the project.</summary>
    public static string Tool { get; } = Environment.GetEnvironmentVariable("ACTORMON_TOOL")
        ?? Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(Node.Program))!, "actormon-tool", "actormon-tool");

    /// <summary>Runs to the end; the exit code must be 0. Returns what was written, line by line.</summary>
    public static async Task<string[]> RunAsync(string program, params string[] arguments)
    {
        using var process = new Process { StartInfo = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true } };
        process.Start();
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
