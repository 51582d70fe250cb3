using System.Text;

namespace ActorMon.Tool.Tests;

/// <summary>Runs the tool in this process.</summary>
internal static class ToolRun
{
    public static async Task<(int Code, string Output, string Errors)> RunAsync(string input, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        var code = await ToolProgram.RunAsync(arguments, new MemoryStream(Encoding.UTF8.GetBytes(input)), output, errors, TimeProvider.System);
        return (code, output.ToString(), errors.ToString());
    }
}
