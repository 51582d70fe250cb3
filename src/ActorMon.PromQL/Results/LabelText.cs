using System.Text;
using ActorMon.Model.Labels;
using ActorMon.Model.Text;

namespace ActorMon.PromQL.Results;

/// <summary>A label set as the peer prints it in errors: <c>{__name__="up", job="x"}</c>, values quoted as Go quotes them.</summary>
internal static class LabelText
{
    public static string Of(LabelSet labels)
    {
        var text = new StringBuilder("{");
        foreach (ref readonly var label in labels.AsSpan())
        {
            if (text.Length > 1)
                text.Append(", ");
            text.Append(IsLegacyName(label.Name) ? label.Name : GoQuote.Quote(label.Name)).Append('=').Append(GoQuote.Quote(label.Value));
        }
        return text.Append('}').ToString();
    }

    /// <summary>A name the peer accepts: not empty and valid UTF-8.</summary>
    public static bool IsValidName(string name) => name.Length > 0 && Model.Text.ByteText.IsValid(name);

    private static bool IsLegacyName(string name)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
            return false;
        foreach (var c in name)
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
                return false;
        return true;
    }
}
