using ActorMon.Configuration.Schema;
using ActorMon.Configuration.Units;
using ActorMon.Model.Text;

namespace ActorMon.Configuration.Sections;

/// <summary>Refuses URLs among static targets; with relabel rules they may still become an address, so then nobody asks.</summary>
internal static class StaticTargets
{
    public static void Check(ConfigSection owner, ReadContext context)
    {
        foreach (var group in owner.Sections("static_configs"))
            foreach (var target in group.List("targets"))
                if (target.Contains('/', StringComparison.Ordinal))
                    context.Error(group, "targets", $"{GoQuote.Quote(target)} is not a valid hostname");
    }
}
