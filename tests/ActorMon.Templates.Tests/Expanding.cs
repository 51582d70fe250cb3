using ActorMon.Templates.Execution;
using ActorMon.Templates.Functions;
using ActorMon.Templates.Time;
using ActorMon.Templates.Values;

namespace ActorMon.Templates.Tests;

/// <summary>Runs templates in one line.</summary>
internal static class Expanding
{
    public static readonly TemplateEnvironment World = TemplateEnvironment.Default with { Now = GoTime.FromMilliseconds(1_700_000_000_000), ExternalUrl = "http://host/prefix" };

    /// <summary>The output, or <c>error: </c> and the message.</summary>
    public static string Expand(string text, TemplateValue? data = null, TemplateEnvironment? environment = null, FunctionTable? functions = null)
    {
        if (!TemplateSet.Empty(functions ?? AlertmanagerFunctions.Notifications).TryAdd("t", text, out var set, out var error))
            return "error: " + error.Message;
        var result = set.Run("t", data ?? NilValue.Instance, environment ?? World, CancellationToken.None);
        return result.Output ?? "error: " + result.Error!.Message;
    }

    public static string ExpandHtml(string text, TemplateValue? data = null) => Expand(text, data, World with { IsHtml = true });

    public static MapValue Map(params (string Key, TemplateValue Value)[] entries) => new(entries.Select(e => KeyValuePair.Create(e.Key, e.Value)));
}
