using ActorMon.Configuration.Files;
using ActorMon.Configuration.Units;
using ActorMon.Configuration.Yaml;
using ActorMon.Model.Text;
using ActorMon.Model.Time;

namespace ActorMon.Configuration.Schema;

/// <summary>Reads single values of a key's kind; a value that does not fit is reported and null comes back.</summary>
internal static class ScalarReader
{
    /// <summary>Shortens a value for a message as the peers' YAML library does.</summary>
    private static string Sample(string text) => text.Length > 10 ? text[..7] + "..." : text;

    public static object? Read(KeySpec spec, YamlNode node, string path, ReadContext context)
    {
        if (node is not YamlScalar scalar)
            return Misfit(spec.TypeName, node, path, context);
        if (ScalarTypes.IsNull(scalar))
            return Zero(spec.Kind);
        return spec.Kind switch
        {
            KeyKind.Bool or KeyKind.OptionalBool => Bool(spec, scalar, path, context),
            KeyKind.Integer or KeyKind.Unsigned or KeyKind.Unsigned64 => Integer(spec, scalar, path, context),
            KeyKind.Float => Float(spec, scalar, path, context),
            _ => FromText(spec, scalar, path, context),
        };
    }

    /// <summary>A scalar as text; null and a report when it is not a scalar or its !!binary is broken.</summary>
    public static string? Text(YamlNode node, string typeName, string path, ReadContext context)
    {
        if (node is not YamlScalar scalar)
            return Misfit(typeName, node, path, context) as string;
        if (ScalarTypes.IsNull(scalar))
            return "";
        if (scalar.Tag != "!!binary")
            return scalar.Text;
        if (ScalarTypes.TryBinary(scalar.Text, out var text))
            return text;
        context.Error(node, path, "yaml: !!binary value contains invalid base64 data");
        return null;
    }

    public static object? Misfit(string typeName, YamlNode node, string path, ReadContext context)
    {
        var what = node switch
        {
            YamlSequence => "!!seq",
            YamlMapping => "!!map",
            YamlScalar scalar => $"{ScalarTypes.TagOf(scalar)} `{Sample(scalar.Text)}`",
            _ => "value",
        };
        context.Mismatch(node, path, $"cannot unmarshal {what} into {typeName}");
        return null;
    }

    private static object? Zero(KeyKind kind) => kind switch
    {
        KeyKind.Bool => false,
        KeyKind.OptionalBool => null,
        KeyKind.Integer or KeyKind.Unsigned or KeyKind.Size => 0L,
        KeyKind.Unsigned64 => 0UL,
        KeyKind.Float => 0.0,
        KeyKind.Duration or KeyKind.GoDuration => TimeSpan.Zero,
        _ => "",
    };

    private static object? Bool(KeySpec spec, YamlScalar scalar, string path, ReadContext context) =>
        ScalarTypes.TagOf(scalar) == "!!bool" && ScalarTypes.TryBool(scalar.Text, out var value) ? value : Misfit(spec.TypeName, scalar, path, context);

    private static object? Integer(KeySpec spec, YamlScalar scalar, string path, ReadContext context)
    {
        Int128 value = 0;
        var tag = ScalarTypes.TagOf(scalar);
        var read = tag == "!!int" && ScalarTypes.TryInteger(scalar.Text, out value);
        if (!read && tag == "!!float" && ScalarTypes.TryFloat(scalar.Text, out var number) && Math.Abs(number) < 1e18)
        {
            value = (Int128)number;
            read = true;
        }
        if (!read || (spec.Kind != KeyKind.Integer && value < 0) || value > (spec.Kind == KeyKind.Unsigned64 ? ulong.MaxValue : long.MaxValue) || value < long.MinValue)
            return Misfit(spec.TypeName, scalar, path, context);
        return spec.Kind == KeyKind.Unsigned64 ? (ulong)value : (long)value;
    }

    private static object? Float(KeySpec spec, YamlScalar scalar, string path, ReadContext context)
    {
        var tag = ScalarTypes.TagOf(scalar);
        if (tag == "!!int" && ScalarTypes.TryInteger(scalar.Text, out var integer))
            return (double)integer;
        return tag == "!!float" && ScalarTypes.TryFloat(scalar.Text, out var value) ? value : Misfit(spec.TypeName, scalar, path, context);
    }

    private static object? FromText(KeySpec spec, YamlScalar scalar, string path, ReadContext context)
    {
        if (Text(scalar, spec.TypeName, path, context) is not { } text)
            return null;
        var problem = "";
        object? value = text;
        switch (spec.Kind)
        {
            case KeyKind.Duration:
                value = PrometheusDuration.TryParse(text, out var duration, out problem) ? duration : null;
                break;
            case KeyKind.GoDuration:
                value = GoDuration.TryParse(text, out var interval) ? interval : null;
                problem = $"cannot unmarshal !!str `{Sample(text)}` into time.Duration";
                break;
            case KeyKind.Size:
                value = ByteSize.TryParse(text, out var size, out problem) ? size : null;
                break;
            case KeyKind.Path:
                value = ConfigPaths.Join(context.Directory, text);
                break;
            case KeyKind.Url:
                value = PeerUrl.TryParse(text, out _, out problem) ? text : null;
                break;
        }
        if (value is not null && (text.Length > 0 || spec.CheckEmpty) && spec.Check?.Invoke(text) is { } refused)
        {
            value = null;
            problem = refused;
        }
        if (value is null)
            context.Error(scalar, path, problem);
        return value;
    }

    /// <summary>A label name: valid UTF-8 and not empty.</summary>
    public static bool IsLabelName(string name) => name.Length > 0 && ByteText.IsValid(name);
}
