using ActorMon.Host.Tests.Web;
using ActorMon.Protocol.Links;
using ActorMon.Testing.IO;
using Akka.Configuration;

namespace ActorMon.Host.Tests.Links;

public sealed class LinkTlsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Guid Cluster = Guid.NewGuid();
    private readonly TempFolder _folder = new();
    private readonly TestCertificates _ours = new();
    private readonly TestCertificates _others = new();

    [Fact]
    public async Task Nodes_of_one_authority_talk_and_changed_files_are_used_for_new_connections()
    {
        await using var a = new LinkNode(Cluster, "a", Tls("a", _ours, _ours));
        await using var b = await new LinkNode(Cluster, "b", Tls("b", _ours, _ours)).ListenAsync(TestOperation.Echo());
        Assert.Equal(LinkStatus.Ok, await CallAsync(a, b));
        Assert.Equal("https", b.Url.Scheme);

        // Both go over to another authority without a restart.
        Tls("b", _others, _others);
        Tls("a", _others, _others);
        Assert.Equal(LinkStatus.Ok, await CallAsync(a, b));
    }

    [Fact]
    public async Task A_node_without_a_certificate_of_the_authority_is_refused_and_refuses()
    {
        await using var b = await new LinkNode(Cluster, "b", Tls("b", _ours, _ours)).ListenAsync(TestOperation.Echo());
        await using var stranger = new LinkNode(Cluster, "s", Tls("s", _others, _ours));
        await using var distrustful = new LinkNode(Cluster, "d", Tls("d", _ours, _others));
        await using var plain = new LinkNode(Cluster, "p");
        Assert.Equal(LinkStatus.Unreachable, await CallAsync(stranger, b));
        Assert.Equal(LinkStatus.Unreachable, await CallAsync(distrustful, b));
        Assert.Equal(LinkStatus.Unreachable, await CallAsync(plain, b));
    }

    [Fact]
    public void Some_of_the_files_without_the_others_are_wrong()
    {
        var wrong = Assert.Throws<ConfigurationException>(() => new LinkNode(Cluster, "a", "actormon.cluster.tls.key = x.pem"));
        Assert.Equal("actormon.cluster.tls has only some of certificate, key and ca; links need all three or none", wrong.Message);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _ours.Dispose();
        _others.Dispose();
    }

    private static async Task<LinkStatus> CallAsync(LinkNode from, LinkNode to)
    {
        await using var answer = await from.Client.CallAsync(to.Peer, "echo", LinkFrames.WriteEnd, Patience, default);
        return answer.Status;
    }

    private string Tls(string node, TestCertificates signedBy, TestCertificates trusts)
    {
        var (certificate, key) = signedBy.Sign($"node-{node}");
        _folder.Replace($"{node}.pem", certificate);
        _folder.Replace($"{node}.key", key);
        _folder.Replace($"{node}-ca.pem", trusts.AuthorityPem);
        return $$"""
            actormon.cluster.tls { certificate = "{{_folder.File(node + ".pem")}}", key = "{{_folder.File(node + ".key")}}", ca = "{{_folder.File(node + "-ca.pem")}}" }
            """;
    }
}
