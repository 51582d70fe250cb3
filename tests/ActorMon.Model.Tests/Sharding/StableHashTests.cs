using ActorMon.Model.Labels;
using ActorMon.Model.Sharding;
using ActorMon.Model.Text;

namespace ActorMon.Model.Tests.Sharding;

/// <summary>Golden values: an XXH64 written for this purpose in another language, checked against the algorithm's published vectors. They may never change.</summary>
public sealed class StableHashTests
{
    [Fact]
    public void It_never_changes()
    {
        Assert.Equal(0xef46db3751d8e999UL, StableHash.Of(LabelSet.Empty));
        Assert.Equal(0x23d4c2cb13387598UL, StableHash.Of(LabelSet.Of("__name__", "up")));
        Assert.Equal(0xf28c8afcd224e55fUL, StableHash.Of(LabelSet.Of("__name__", "up", "job", "prometheus", "instance", "localhost:9090")));
        Assert.Equal(
            0x7e0f00ecc364c899UL,
            StableHash.Of(LabelSet.Of("__name__", "http_requests_total", "code", "200", "handler", "/api/v1/query", "instance", "10.0.0.1:9090", "job", "api")));
    }

    [Fact]
    public void It_hashes_UTF8_bytes_also_invalid_ones()
    {
        Assert.Equal(0xafcaa8ab2b49532dUL, StableHash.Of(LabelSet.Of("a", "é😀花")));
        Assert.Equal(0x324b9f02d4060db9UL, StableHash.Of(LabelSet.Of("a", ByteText.Decode([0xFE, 0xFF]))));
    }

    [Fact]
    public void It_hashes_long_values() => Assert.Equal(0xa495cbb32d23087dUL, StableHash.Of(LabelSet.Of("k", new string('x', 2000))));

    [Theory]
    [InlineData("localhost:9090", "prometheus", 4)]
    [InlineData("10.0.0.1:9100", "node", 14)]
    [InlineData("10.0.0.2:9100", "node", 2)]
    [InlineData("h", "j", 6)]
    public void A_targets_series_share_the_partition_of_instance_and_job(string instance, string job, int partition)
    {
        Assert.Equal(new PartitionId(partition), Placement.Of(LabelSet.Of("__name__", "up", "instance", instance, "job", job), Placement.DefaultPartitions));
        Assert.Equal(new PartitionId(partition), Placement.Of(LabelSet.Of("__name__", "x", "zone", "a", "instance", instance, "job", job), Placement.DefaultPartitions));
    }

    [Fact]
    public void A_series_without_instance_or_job_is_placed_by_all_its_labels()
    {
        Assert.Equal(new PartitionId(11), Placement.Of(LabelSet.Of("__name__", "alone"), Placement.DefaultPartitions));
        Assert.Equal(new PartitionId(27), Placement.Of(LabelSet.Of("__name__", "alone", "job", "x"), Placement.DefaultPartitions));
    }
}
