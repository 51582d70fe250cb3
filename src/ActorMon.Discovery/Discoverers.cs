using ActorMon.Discovery.Files;
using ActorMon.Discovery.Static;

namespace ActorMon.Discovery;

/// <summary>From a mechanism's configuration to the mechanism.</summary>
public static class Discoverers
{
    /// <summary>Null for a mechanism that this version knows but does not run.</summary>
    public static IDiscoverer? Create(SdConfig config, DiscoveryContext context) => config switch
    {
        StaticSdConfig fixedTargets => new StaticDiscoverer(fixedTargets),
        FileSdConfig files => new FileDiscoverer(files, context),
        _ => null,
    };
}
