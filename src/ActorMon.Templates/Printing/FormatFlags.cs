namespace ActorMon.Templates.Printing;

/// <summary>Flags, width and precision between a percent sign and its verb.</summary>
internal struct FormatFlags
{
    public bool Plus;
    public bool Minus;
    public bool Sharp;
    public bool Space;
    public bool Zero;
    public int? Width;
    public int? Precision;

    /// <summary>%+v and %#v change what is shown, not how its numbers look.</summary>
    public bool PlusV;
    public bool SharpV;
}
