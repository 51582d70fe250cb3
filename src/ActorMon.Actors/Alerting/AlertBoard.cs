using System.Collections.Concurrent;
using ActorMon.Alerting.Shards;
using Akka.Actor;

namespace ActorMon.Actors.Alerting;

/// <summary>The shards of alerts that run on this node, for whoever asks what they hold. Thread-safe.</summary>
public sealed class AlertBoard
{
    private readonly ConcurrentDictionary<int, IActorRef> _shards = new();

    /// <summary>A shard runs here.</summary>
    public void Add(int shard, IActorRef actor) => _shards[shard] = actor;

    /// <summary>It has stopped; another one may have taken its place.</summary>
    public void Remove(int shard, IActorRef actor) => _shards.TryRemove(KeyValuePair.Create(shard, actor));

    /// <summary>Asks every shard here at once, each in its own turn; one that has not begun, or does not answer in time, is left out.</summary>
    /// <param name="look">Must not keep what it is given.</param>
    public async ValueTask<IReadOnlyList<(int Shard, T Answer)>> LookAsync<T>(Func<AlertShard, T> look, TimeSpan patience, CancellationToken cancellation)
        where T : class
    {
        var question = new Look(look);
        var asked = _shards.Select(shard => AskAsync<T>(shard.Key, shard.Value, question, patience, cancellation)).ToArray();
        var answers = new List<(int, T)>(asked.Length);
        foreach (var (shard, answer) in await Task.WhenAll(asked).ConfigureAwait(false))
            if (answer is not null)
                answers.Add((shard, answer));
        return answers;
    }

    private static async Task<(int Shard, T? Answer)> AskAsync<T>(int shard, IActorRef actor, Look question, TimeSpan patience, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return (shard, (await actor.Ask<Seen>(question, patience, cancellation).ConfigureAwait(false)).Answer as T);
        }
        catch (AskTimeoutException)
        {
            return (shard, null);
        }
    }

    internal sealed record Look(Func<AlertShard, object> At) : INoSerializationVerificationNeeded;

    /// <param name="Answer">Null: the shard has not begun.</param>
    internal sealed record Seen(object? Answer) : INoSerializationVerificationNeeded;
}
