namespace ActorMon.Protocol.Tests.Alerting;

internal static class Golden
{
    public static readonly string[] Records = [];

    public static readonly string[] Messages = [];
}
