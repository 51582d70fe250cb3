using System.Text;

namespace ActorMon.Http.Credentials;

/// <summary>application/x-www-form-urlencoded text: unreserved characters stay, a space becomes <c>+</c>, names in order.</summary>
public static class FormText
{
    public static string Encode(IReadOnlyDictionary<string, string> form)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in form.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            text.Append(text.Length > 0 ? "&" : "").Append(Escape(name)).Append('=').Append(Escape(value));
        return text.ToString();
    }

    public static string Escape(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
}
