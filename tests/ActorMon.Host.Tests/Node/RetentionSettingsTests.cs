using ActorMon.Configuration.Model;
using ActorMon.Host.CommandLine;
using ActorMon.Host.Node;
using ActorMon.Tsdb.Lifecycle;

namespace ActorMon.Host.Tests.Node;

public sealed class RetentionSettingsTests
{
    [Fact]
    public void Fifteen_days_are_kept_when_nothing_is_asked_for_and_a_size_alone_bounds_no_time()
    {
        Assert.Equal(new RetentionPolicy(TimeSpan.FromDays(15)), Policy(new StorageOptions()));
        Assert.Equal(new RetentionPolicy(null, 1L << 30), Policy(new StorageOptions(), "--storage.tsdb.retention.size=1GB"));
        Assert.Equal(new RetentionPolicy(null), Policy(new StorageOptions(), "--storage.tsdb.retention.time=0s"));
        Assert.Equal(new RetentionPolicy(null, null, 40), Policy(new StorageOptions { RetentionPercentage = 40 }));
    }

    [Fact]
    public void The_files_values_win_over_the_flags()
    {
        var stored = new StorageOptions { RetentionTime = TimeSpan.FromDays(2), RetentionSize = 5 };
        Assert.Equal(new RetentionPolicy(TimeSpan.FromDays(2), 5), Policy(stored, "--storage.tsdb.retention.time=1d", "--storage.tsdb.retention.size=1GB"));
    }

    [Fact]
    public void Parts_are_short_when_room_alone_bounds_what_is_kept()
    {
        Assert.Equal(TimeSpan.FromHours(54), RetentionSettings.LongestWindow(new RetentionPolicy(null, 1)));
        Assert.Null(RetentionSettings.LongestWindow(new RetentionPolicy(TimeSpan.FromDays(1), 1)));
        Assert.Null(RetentionSettings.LongestWindow(new RetentionPolicy(null)));
        Assert.True(RetentionSettings.DiskBytes(AppContext.BaseDirectory) > 0);
    }

    [Theory]
    [InlineData("15d")]
    [InlineData("5MiB", "--storage.tsdb.retention.size=5MB")]
    [InlineData("1d or 10GiB", "--storage.tsdb.retention.time=24h", "--storage.tsdb.retention.size=10GB")]
    [InlineData("", "--storage.tsdb.retention.time=0s")]
    public void What_is_kept_is_shown_as_Prometheus_shows_it(string text, params string[] arguments) =>
        Assert.Equal(text, RetentionSettings.Text(Policy(new StorageOptions(), arguments)));

    [Fact]
    public void A_share_of_the_disk_is_shown_too() => Assert.Equal("2d or 40%", RetentionSettings.Text(Policy(new StorageOptions { RetentionTime = TimeSpan.FromDays(2), RetentionPercentage = 40 })));

    private static RetentionPolicy Policy(StorageOptions stored, params string[] arguments) =>
        RetentionSettings.PolicyOf(NodeOptions.From(((CommandLineResult.Run)CommandLineParser.Parse(arguments)).Flags).Options!, stored);
}
