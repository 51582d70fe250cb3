using ActorMon.Alerting.Routing;
using ActorMon.Configuration.Alertmanager;
using ActorMon.Configuration.Files;

namespace ActorMon.Configuration.Tests.Loading;

public sealed class AlertmanagerRouteTests
{
    [Fact]
    public void Resolve_immediately_is_inherited_until_a_route_says_otherwise()
    {
        var files = new MemoryConfigFiles();
        files.Write("/etc/a/alertmanager.yml", """
            route:
              receiver: r
              routes:
              - resolve_immediately: true
                routes:
                - matchers: [a="1"]
                - matchers: [a="2"]
                  resolve_immediately: false
            receivers: [{name: r}]
            """);
        var loaded = AlertmanagerConfigLoader.Load("/etc/a/alertmanager.yml", files);
        Assert.Empty(loaded.Errors);
        Assert.Equal([false, true, true, false], new RoutingTree(loaded.Config!.Alerting.Route).Walk().Select(route => route.Options.ResolveImmediately));
    }
}
