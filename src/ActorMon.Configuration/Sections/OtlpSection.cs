using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Units;
using ActorMon.Model.Names;
using ActorMon.Model.Text;
using ActorMon.RemoteWrite.Options;
using ActorMon.Scraping.Jobs;

namespace ActorMon.Configuration.Sections;

/// <summary>The otlp section.</summary>
internal static class OtlpSection
{
    private static readonly Dictionary<string, OtlpTranslation> Strategies = new(StringComparer.Ordinal)
    {
        ["UnderscoreEscapingWithSuffixes"] = OtlpTranslation.UnderscoreEscapingWithSuffixes,
        ["NoUTF8EscapingWithSuffixes"] = OtlpTranslation.NoUtf8EscapingWithSuffixes,
        ["UnderscoreEscapingWithoutSuffixes"] = OtlpTranslation.UnderscoreEscapingWithoutSuffixes,
        ["NoTranslation"] = OtlpTranslation.NoTranslation,
    };

    public static readonly SectionSchema Schema = new("config.plain",
        Key.Bool("promote_all_resource_attributes"), Key.TextList("promote_resource_attributes"), Key.TextList("ignore_resource_attributes"),
        Key.Text("translation_strategy", "UnderscoreEscapingWithSuffixes"), Key.Bool("keep_identifying_resource_attributes"),
        Key.Bool("convert_histograms_to_nhcb"), Key.Bool("promote_scope_metadata"), Key.Bool("label_name_underscore_sanitization", true),
        Key.Bool("label_name_preserve_multiple_underscores", true))
    {
        Check = Check,
    };

    public static void Resolve(ConfigSection s, NameValidation scheme, ReadContext context)
    {
        if (!s.Has("translation_strategy"))
            s["translation_strategy"] = "UnderscoreEscapingWithSuffixes";
        var strategy = s.Text("translation_strategy");
        if (!Strategies.TryGetValue(strategy, out var translation))
            context.Error(s, "translation_strategy", $"unsupported OTLP translation strategy {GoQuote.Quote(strategy)}");
        else if (scheme == NameValidation.Legacy && translation is OtlpTranslation.NoTranslation or OtlpTranslation.NoUtf8EscapingWithSuffixes)
            context.Error(s, "translation_strategy", $"OTLP translation strategy {GoQuote.Quote(strategy)} is not allowed when UTF8 is disabled");
    }

    public static OtlpOptions Build(ConfigSection s) => new()
    {
        PromoteAllResourceAttributes = s.Bool("promote_all_resource_attributes"),
        PromoteResourceAttributes = s.List("promote_resource_attributes"),
        IgnoreResourceAttributes = s.List("ignore_resource_attributes"),
        Translation = Strategies[s.Text("translation_strategy")],
        KeepIdentifyingResourceAttributes = s.Bool("keep_identifying_resource_attributes"),
        ConvertHistogramsToNhcb = s.Bool("convert_histograms_to_nhcb"),
        PromoteScopeMetadata = s.Bool("promote_scope_metadata"),
        LabelNameUnderscoreSanitization = s.Bool("label_name_underscore_sanitization"),
        LabelNamePreserveMultipleUnderscores = s.Bool("label_name_preserve_multiple_underscores"),
    };

    private static void Check(ConfigSection s, ReadContext context)
    {
        if (s.Bool("promote_all_resource_attributes"))
        {
            if (s.List("promote_resource_attributes").Count > 0)
                context.Error(s, "promote_resource_attributes",
                    "'promote_all_resource_attributes' and 'promote_resource_attributes' cannot be configured simultaneously");
            Attributes(s, "ignore_resource_attributes", "ignored", context);
            return;
        }
        if (s.List("ignore_resource_attributes").Count > 0)
            context.Error(s, "ignore_resource_attributes", "'ignore_resource_attributes' cannot be configured unless 'promote_all_resource_attributes' is true");
        Attributes(s, "promote_resource_attributes", "promoted", context);
    }

    // Names are trimmed; all that is wrong with a list comes in one message, as the peers have it.
    private static void Attributes(ConfigSection s, string key, string adjective, ReadContext context)
    {
        var problems = new List<string>();
        var names = new List<string>();
        foreach (var name in s.List(key).Select(n => n.Trim()))
            if (name.Length == 0)
                problems.Add($"empty {adjective} OTel resource attribute");
            else if (names.Contains(name))
                problems.Add($"duplicated {adjective} OTel resource attribute {GoQuote.Quote(name)}");
            else
                names.Add(name);
        if (problems.Count > 0)
            context.Error(s, key, $"invalid '{key}': {string.Join('\n', problems)}");
        else if (names.Count > 0)
            s[key] = names;
    }
}
