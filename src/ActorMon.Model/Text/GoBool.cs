namespace ActorMon.Model.Text;

/// <summary>Booleans as Go's strconv.ParseBool reads them.</summary>
public static class GoBool
{
    /// <summary>True, false, or null when the text is none of their spellings.</summary>
    public static bool? Parse(string text) => text switch
    {
        "1" or "t" or "T" or "TRUE" or "true" or "True" => true,
        "0" or "f" or "F" or "FALSE" or "false" or "False" => false,
        _ => null,
    };
}
