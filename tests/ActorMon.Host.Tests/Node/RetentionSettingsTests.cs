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

    private static RetentionPolicy Policy(StorageOptions stored, params string[] arguments) =>
        RetentionSettings.PolicyOf(NodeOptions.From(((CommandLineResult.Run)CommandLineParser.Parse(arguments)).Flags).Options!, stored);
}
