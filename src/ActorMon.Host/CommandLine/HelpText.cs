using System.Text;

namespace ActorMon.Host.CommandLine;

/// <summary>The text of --help: every flag that is not hidden, with its default and what it does here.</summary>
public static class HelpText
{
    public static string Of(IReadOnlyList<Flag> flags)
    {
        var text = new StringBuilder("usage: actormon [<flags>]\n\nActorMon: Prometheus server, Alertmanager and Pushgateway as one cluster.\n\nFlags:\n");
        text.Append("  -h, --help     Show this text.\n      --version  Show the version.\n");
        foreach (var flag in flags)
        {
            if (flag.Hidden)
                continue;
            text.Append("  --").Append(flag.Name);
            if (flag.Kind != FlagKind.Switch)
                text.Append('=').Append(flag.Default.Length > 0 ? flag.Default : $"<{flag.Kind.ToString().ToLowerInvariant()}>");
            if (flag.Repeatable)
                text.Append(" ...");
            text.Append("\n        ").Append(flag.Help);
            if (flag.Effect == FlagEffect.None)
                text.Append(" (Without effect: ").Append(flag.Reason).Append(".)");
            text.Append('\n');
        }
        return text.ToString();
    }
}
