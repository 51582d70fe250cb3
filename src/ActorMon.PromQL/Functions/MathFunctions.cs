using System.Collections.Frozen;

namespace ActorMon.PromQL.Functions;

/// <summary>Functions of one float by name.</summary>
internal static class MathFunctions
{
    public static readonly FrozenDictionary<string, Func<double, double>> ByName = new Dictionary<string, Func<double, double>>(StringComparer.Ordinal)
    {
        ["abs"] = Math.Abs,
        ["ceil"] = Math.Ceiling,
        ["floor"] = Math.Floor,
        ["exp"] = Math.Exp,
        ["sqrt"] = Math.Sqrt,
        ["ln"] = Math.Log,
        ["log2"] = Math.Log2,
        ["log10"] = Math.Log10,
        ["sin"] = Math.Sin,
        ["cos"] = Math.Cos,
        ["tan"] = Math.Tan,
        ["asin"] = Math.Asin,
        ["acos"] = Math.Acos,
        ["atan"] = Math.Atan,
        ["sinh"] = Math.Sinh,
        ["cosh"] = Math.Cosh,
        ["tanh"] = Math.Tanh,
        ["asinh"] = Math.Asinh,
        ["acosh"] = Math.Acosh,
        ["atanh"] = Math.Atanh,
        ["rad"] = value => value * Math.PI / 180,
        ["deg"] = value => value * 180 / Math.PI,
        ["sgn"] = value => value < 0 ? -1 : value > 0 ? 1 : value,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>round(v, to): ties go up.</summary>
    public static double Round(double value, double toNearest)
    {
        // Multiplying by the inverse meets fewer inexact quotients.
        var inverse = 1 / toNearest;
        return Math.Floor((value * inverse) + 0.5) / inverse;
    }

    public static double Clamp(double value, double min, double max) => Math.Max(min, Math.Min(max, value));
}
