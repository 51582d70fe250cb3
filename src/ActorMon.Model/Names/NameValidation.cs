namespace ActorMon.Model.Names;

/// <summary>Which metric and label names are valid (Prometheus' metric_name_validation_scheme).</summary>
public enum NameValidation : byte
{
    /// <summary>Any non-empty valid UTF-8.</summary>
    Utf8 = 0,

    /// <summary>Metrics [a-zA-Z_:][a-zA-Z0-9_:]*, labels the same without colons.</summary>
    Legacy = 1,
}
