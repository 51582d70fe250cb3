namespace ActorMon.Tsdb.Parts;

/// <summary>What one kind of content takes in a part file: <c>values</c>, <c>times</c>, <c>symbols</c>, <c>series</c>, <c>postings</c>, <c>header and directory</c>.</summary>
public readonly record struct PartSection(string Name, int Pages, long Bytes);

public sealed partial class PartFile
{
    /// <summary>The file's bytes by what they hold; together they are <see cref="Bytes"/>.</summary>
    public IReadOnlyList<PartSection> Sections()
    {
        var sections = new List<PartSection>();
        var rest = Bytes;
        for (var kind = PageKind.Values; kind < PageKind.Directory; kind++)
        {
            var (pages, bytes) = (0, 0L);
            foreach (ref readonly var page in _directory.Pages.AsSpan())
            {
                if (page.Kind != kind)
                    continue;
                pages++;
                bytes += page.Length;
            }
            sections.Add(new PartSection(kind.ToString().ToLowerInvariant(), pages, bytes));
            rest -= bytes;
        }
        sections.Add(new PartSection("header and directory", 1, rest));
        return sections;
    }
}
