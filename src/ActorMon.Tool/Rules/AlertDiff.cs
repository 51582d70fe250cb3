using System.Text;
using ActorMon.Model.Labels;
using ActorMon.Model.Text;
using ActorMon.Rules.UnitTests;

namespace ActorMon.Tool.Rules;

/// <summary>Expected and received alerts as one JSON text, what differs in colour: green only received, red only expected, yellow <c>expected => received</c>.</summary>
internal static class AlertDiff
{
    private const string Added = "\u001b[0;32m";
    private const string Removed = "\u001b[0;31m";
    private const string Changed = "\u001b[0;33m";
    private const string Plain = "\u001b[0m";
    private static readonly TestAlert Nothing = new(LabelSet.Empty, LabelSet.Empty);

    public static string Of(IReadOnlyList<TestAlert> expected, IReadOnlyList<TestAlert> got)
    {
        var text = new StringBuilder("[");
        for (var i = 0; i < Math.Max(expected.Count, got.Count); i++)
        {
            var (from, to) = (i < expected.Count ? expected[i] : Nothing, i < got.Count ? got[i] : Nothing);
            text.Append(i > 0 ? "," : "").Append("\n    {\n        \"Labels\": ");
            Append(text, from.Labels, to.Labels);
            text.Append(",\n        \"Annotations\": ");
            Append(text, from.Annotations, to.Annotations);
            text.Append("\n    }");
        }
        return text.Append("\n]").ToString();
    }

    private static void Append(StringBuilder text, LabelSet expected, LabelSet got)
    {
        var names = expected.Select(l => l.Name).Union(got.Select(l => l.Name), StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        text.Append('{');
        for (var i = 0; i < names.Count; i++)
        {
            var name = names[i];
            var (from, to) = (GoQuote.Quote(expected.Get(name)), GoQuote.Quote(got.Get(name)));
            text.Append("\n            ");
            var key = GoQuote.Quote(name);
            if (!got.Has(name))
                text.Append(Removed).Append(key).Append(": ").Append(from).Append(Plain);
            else if (!expected.Has(name))
                text.Append(Added).Append(key).Append(": ").Append(to).Append(Plain);
            else if (from != to)
                text.Append(key).Append(": ").Append(Changed).Append(from).Append(" => ").Append(to).Append(Plain);
            else
                text.Append(key).Append(": ").Append(to);
            text.Append(i + 1 < names.Count ? "," : "\n        ");
        }
        text.Append('}');
    }
}
