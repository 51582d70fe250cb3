using ActorMon.Actors.Series;
using ActorMon.Model.Ingest;

namespace ActorMon.Actors.Tests.Series;

public sealed class BatchTrialsTests
{
    private readonly BatchTrials _trials = new();
    private readonly SampleBatch[] _group = [.. Enumerable.Range(1, 3).Select(n =>
    {
        var batch = Batches.Of(0, n);
        batch.Number = n;
        return batch;
    })];

    [Fact]
    public void A_crash_makes_every_batch_of_the_write_a_suspect_but_charges_none()
    {
        Crash(_group);
        Crash(_group);
        Crash(_group);

        Assert.True(_trials.IsCautious);
        Assert.DoesNotContain(_group, _trials.IsPoison);
    }

    [Fact]
    public void A_batch_at_which_three_writes_of_its_own_crash_is_poison()
    {
        Crash(_group);
        for (var i = 0; i < BatchTrials.MaxCrashes; i++)
        {
            Assert.False(_trials.IsPoison(_group[1]));
            Crash(_group[1]);
        }

        Assert.True(_trials.IsPoison(_group[1]));
        Assert.False(_trials.IsPoison(_group[0]));
    }

    [Fact]
    public void Batches_that_are_written_after_all_are_no_suspects_any_more()
    {
        Crash(_group);
        foreach (var batch in _group)
        {
            Assert.True(_trials.IsCautious);
            _trials.Begin([batch]);
            _trials.End();
        }

        Assert.False(_trials.IsCautious);
    }

    [Fact]
    public void A_crash_between_two_writes_suspects_nobody()
    {
        _trials.Begin(_group);
        _trials.End();
        _trials.Crashed();

        Assert.False(_trials.IsCautious);
    }

    private void Crash(params SampleBatch[] group)
    {
        _trials.Begin(group);
        _trials.Crashed();
    }
}
