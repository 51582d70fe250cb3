namespace ActorMon.Configuration.Units;

/// <summary>Texts the way the peers' messages write them.</summary>
internal static class GoText
{
    /// <summary>Go's %v of a list of strings: [a b c].</summary>
    public static string List(IEnumerable<string> items) => $"[{string.Join(' ', items)}]";
}
