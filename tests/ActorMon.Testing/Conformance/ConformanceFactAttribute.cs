using Xunit;

namespace ActorMon.Testing.Conformance;

/// <summary>A test over the peers' own data; skipped where the data is absent (a user's machine).</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ConformanceFactAttribute : FactAttribute
{
    public ConformanceFactAttribute()
    {
        if (ConformanceData.Root is null)
            Skip = "../shared/conformance is absent on this machine";
    }
}
