namespace ActorMon.Scraping.Text;

/// <summary>Texts as the peer's standard library writes them, for errors that must read the same.</summary>
internal static class GoText
{
    /// <summary>The first <paramref name="count"/> characters, as %.50s cuts.</summary>
    public static string Cut(string text, int count) => text.Length <= count ? text : text[..count];
}
