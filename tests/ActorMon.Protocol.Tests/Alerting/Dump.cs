namespace ActorMon.Protocol.Tests.Alerting;

public sealed class DumpTests
{
    [Fact]
    public void Dump() => File.WriteAllLines("/tmp/almact-golden.txt", ShardJournalTests.Actual());
}
