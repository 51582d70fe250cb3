namespace ActorMon.Cluster.Tests;

public sealed class OneConfigurationPerCluster
{
    [Fact]
    public async Task The_first_nodes_files_count_and_a_joiner_takes_them_and_reports_its_own()
    {
        await using var cluster = TestCluster.OnOneFile();
        var first = await cluster.AddAsync("n0", 1);
        var joiner = await cluster.AddAsync("n1", 1, new FakeConfiguration("other"));

        await AllUseAsync(cluster, "first");

        Assert.Equal(1, first.Agreed.Current.Number);
        await ClusterNode.EventuallyAsync("the difference is reported", async () =>
            (await first.ConfigurationAsync()).Nodes.Single(n => n.Node == joiner.View.Self).Differs && joiner.Agreed.Differs && !first.Agreed.Differs);
    }

    [Fact]
    public async Task A_reload_at_any_node_is_in_effect_on_all_when_it_is_answered()
    {
        await using var cluster = TestCluster.OnOneFile();
        var nodes = await cluster.StartAsync(3);
        await AllUseAsync(cluster, "first");
        // More than one piece.
        var large = "second " + new string('x', 200_000);
        nodes[2].Configuration.Text = large;

        Assert.Null(await nodes[2].ReloadAsync());

        Assert.All(nodes, n => Assert.Equal((2, large), (n.Agreed.Current.Number, n.Agreed.Current.Hash)));
        var status = await nodes[1].ConfigurationAsync();
        Assert.Equal((2, large, nodes[2].Id.ToString()), (status.Number, status.Hash, status.Origin));
        // Again, with nothing changed.
        Assert.Null(await nodes[2].ReloadAsync());
        Assert.Equal(2, nodes[2].Agreed.Current.Number);
    }

    [Fact]
    public async Task What_one_node_cannot_use_is_in_effect_nowhere_and_the_node_is_named()
    {
        await using var cluster = TestCluster.OnOneFile();
        var nodes = await cluster.StartAsync(3);
        await AllUseAsync(cluster, "first");
        nodes[1].Configuration.Refusal = "open /secret: no such file or directory";
        nodes[0].Configuration.Text = "second";

        Assert.Equal($"node 127.0.0.1:{nodes[1].Address.Port}: open /secret: no such file or directory", await nodes[0].ReloadAsync());

        Assert.All(nodes, n => Assert.Equal("first", n.Agreed.Current.Hash));
        nodes[1].Configuration.Refusal = null;
        Assert.Null(await nodes[0].ReloadAsync());
        await AllUseAsync(cluster, "second");
    }

    [Fact]
    public async Task A_node_that_was_away_takes_what_the_cluster_has_agreed_on_meanwhile()
    {
        await using var cluster = TestCluster.OnOneFile();
        var nodes = await cluster.StartAsync(3);
        await AllUseAsync(cluster, "first");
        var gone = nodes[2];
        await gone.LeaveAsync();
        cluster.Nodes.Remove(gone);
        await ClusterNode.EventuallyAsync("the node is away", () => cluster.Nodes.All(n => TestCluster.MapOf(n).UpNodes.Count() == 2));
        cluster.Nodes[0].Configuration.Text = "second";
        Assert.Null(await cluster.Nodes[0].ReloadAsync());

        var back = await cluster.AddAsync("n2", 3);

        // What it used last, until it hears of the next.
        Assert.NotEqual(0, back.Agreed.Current.Number);
        await AllUseAsync(cluster, "second");
        await ClusterNode.EventuallyAsync("its own files are reported to be others", () => back.Agreed.Differs);
    }

    [Fact]
    public async Task Another_control_goes_on_from_the_journal()
    {
        await using var cluster = TestCluster.OnOneFile();
        var nodes = await cluster.StartAsync(3);
        nodes[1].Configuration.Text = "second";
        Assert.Null(await nodes[1].ReloadAsync());
        var control = nodes.Single(n => n.HasControl);
        await control.LeaveAsync();
        cluster.Nodes.Remove(control);

        await ClusterNode.EventuallyAsync("Control answers elsewhere", async () => (await cluster.Nodes[0].ConfigurationAsync()) is { Number: 2, Frozen: null });
        cluster.Nodes[0].Configuration.Text = "third";
        await ClusterNode.EventuallyAsync("the node is away", () => cluster.Nodes.All(n => TestCluster.MapOf(n).UpNodes.Count() == 2));
        Assert.Null(await cluster.Nodes[0].ReloadAsync());
        Assert.All(cluster.Nodes, n => Assert.Equal((3, "third"), (n.Agreed.Current.Number, n.Agreed.Current.Hash)));
    }

    [Fact]
    public async Task A_node_alone_takes_its_own_files_at_each_start()
    {
        await using var cluster = TestCluster.OnOneFile();
        var node = await cluster.AddAsync("n0", 1);
        await ClusterNode.EventuallyAsync("it is journalled", async () => (await node.ConfigurationAsync()) is { Number: 1, Frozen: null });
        await node.KillAsync();
        cluster.Nodes.Clear();

        var again = await cluster.AddAsync("n0", 1, new FakeConfiguration("edited"));

        await AllUseAsync(cluster, "edited");
        Assert.Equal(2, again.Agreed.Current.Number);
    }

    private static Task AllUseAsync(TestCluster cluster, string text) => ClusterNode.EventuallyAsync($"all nodes use {text}", async () =>
        cluster.Nodes.All(n => n.Agreed.Current.Hash == text) && (await cluster.Nodes[0].ConfigurationAsync()).Hash == text);
}
