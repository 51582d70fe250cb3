namespace ActorMon.Configuration.Yaml;

/// <summary>A node of a YAML document with the place it came from (line and column count from 1).</summary>
internal abstract class YamlNode(int line, int column)
{
    public int Line { get; } = line;
    public int Column { get; } = column;

    /// <summary>Nodes below and including this one, every alias counted as a full copy: what a reader will have to walk.</summary>
    public long Weight { get; protected set; } = 1;
}

/// <param name="text">The value after unescaping.</param>
/// <param name="plain">Written without quotes, so its type follows from its look.</param>
/// <param name="tag">The explicit tag, or "".</param>
internal sealed class YamlScalar(string text, bool plain, string tag, int line, int column) : YamlNode(line, column)
{
    public string Text { get; } = text;
    public bool Plain { get; } = plain;
    public string Tag { get; } = tag;
}

internal sealed class YamlSequence : YamlNode
{
    public YamlSequence(IReadOnlyList<YamlNode> items, int line, int column) : base(line, column)
    {
        Items = items;
        Weight = 1 + items.Sum(i => i.Weight);
    }

    public IReadOnlyList<YamlNode> Items { get; }
}

internal readonly record struct YamlEntry(YamlNode Key, YamlNode Value);

internal sealed class YamlMapping : YamlNode
{
    public YamlMapping(IReadOnlyList<YamlEntry> entries, int line, int column) : base(line, column)
    {
        Entries = entries;
        Weight = 1 + entries.Sum(e => e.Key.Weight + e.Value.Weight);
    }

    public IReadOnlyList<YamlEntry> Entries { get; }
}
