using System.Reflection;

namespace ActorMon.Architecture.Tests;

/// <summary>Holds the arrows between the rooms: what a project may reference, and nothing else.</summary>
public class ArrowsTests
{
    private static readonly string[] Pure =
        ["Model", "Exposition", "Tsdb", "PromQL", "HttpClient", "Discovery", "Scraping", "RemoteWrite", "Replication", "Templates", "Rules", "Alerting", "Notifying", "Receivers", "Configuration"];

    private static readonly Dictionary<string, string[]> Arrows = new(StringComparer.Ordinal)
    {
        ["Model"] = [],
        ["Exposition"] = ["Model"],
        ["Tsdb"] = ["Model"],
        ["PromQL"] = ["Model"],
        ["Templates"] = ["Model"],
        ["HttpClient"] = ["Model"],
        ["Discovery"] = ["Model", "HttpClient"],
        ["Scraping"] = ["Model", "Exposition", "HttpClient"],
        ["RemoteWrite"] = ["Model", "HttpClient"],
        ["Replication"] = ["Model"],
        ["Rules"] = ["Model", "PromQL", "Templates"],
        ["Alerting"] = ["Model", "Templates"],
        ["Notifying"] = ["Model", "HttpClient", "Rules"],
        ["Receivers"] = ["Model", "Alerting", "HttpClient", "Templates"],
        ["Configuration"] = ["Model", "PromQL", "HttpClient", "Discovery", "Scraping", "Rules", "Alerting", "Notifying", "RemoteWrite", "Templates"],
        ["Protocol"] = ["Model", "PromQL", "Replication", "Rules", "Alerting"],
        ["Actors"] = ["Model", "Exposition", "Tsdb", "PromQL", "HttpClient", "Discovery", "Scraping", "RemoteWrite", "Replication", "Rules", "Alerting", "Notifying", "Protocol"],
        ["Api"] = ["Model", "Exposition", "PromQL", "RemoteWrite", "Rules", "Alerting"],
    };

    public static TheoryData<string> Rooms => [.. Arrows.Keys];

    public static TheoryData<string> PureRooms => [.. Pure];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_references_only_the_rooms_its_arrows_point_to(string room)
    {
        var referenced = References(room).Where(name => name.StartsWith("ActorMon.", StringComparison.Ordinal)).Select(name => name["ActorMon.".Length..]);
        Assert.Empty(referenced.Except(Arrows[room]));
    }

    [Theory]
    [MemberData(nameof(PureRooms))]
    public void A_pure_room_knows_neither_actors_nor_a_web_server(string room)
    {
        var references = References(room);
        Assert.DoesNotContain(references, name => name.StartsWith("Akka", StringComparison.Ordinal));
        Assert.DoesNotContain(references, name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
    }

    [Fact]
    public void Only_the_configuration_room_knows_yaml() =>
        Assert.Equal(["Configuration"], Arrows.Keys.Where(room => References(room).Contains("YamlDotNet")));

    [Fact]
    public void The_api_talks_to_ports_and_never_to_actors() =>
        Assert.DoesNotContain(References("Api"), name => name.StartsWith("Akka", StringComparison.Ordinal));

    [Fact]
    public void The_actors_know_no_web_server() =>
        Assert.DoesNotContain(References("Actors"), name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));

    [Fact]
    public void Hierarchies_of_actors_reach_each_other_through_protocol_messages_alone()
    {
        string[] hierarchies = ["Series", "Scraping", "Discovery", "Query", "Notifying", "Rules", "Alerting"];
        foreach (var hierarchy in hierarchies)
        {
            var others = hierarchies.Where(other => other != hierarchy).Select(other => $"ActorMon.Actors.{other}").ToArray();
            var actors = NetArchTest.Rules.Types.InAssembly(Assembly.Load("ActorMon.Actors"))
                .That().ResideInNamespace($"ActorMon.Actors.{hierarchy}").And().HaveNameEndingWith("Actor");
            var found = actors.GetTypes().Where(type => ReferencesActorOf(type, others)).Select(type => type.FullName);
            Assert.Empty(found);
        }
    }

    /// <summary>True when a field or constructor parameter of an actor is an actor class of another hierarchy (shared boards and metrics are values, not actors).</summary>
    private static bool ReferencesActorOf(Type type, string[] namespaces)
    {
        const BindingFlags all = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var used = type.GetFields(all).Select(f => f.FieldType).Concat(type.GetConstructors(all).SelectMany(c => c.GetParameters()).Select(p => p.ParameterType));
        return used.Any(t => t.Name.EndsWith("Actor", StringComparison.Ordinal) && namespaces.Contains(t.Namespace));
    }

    private static string[] References(string room) =>
        [.. Assembly.Load($"ActorMon.{room}").GetReferencedAssemblies().Select(a => a.Name!)];
}
