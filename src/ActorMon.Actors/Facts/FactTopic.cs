using ActorMon.Model.Reading;
using Google.Protobuf;

namespace ActorMon.Actors.Facts;

/// <summary>One kind of what every node knows of itself.</summary>
public sealed class FactTopic<TAsked, T>
    where TAsked : IMessage<TAsked>, new()
    where T : IMessage<T>, new()
{
    private readonly ClusterFacts _facts;
    private readonly string _name;
    private readonly Func<TAsked, CancellationToken, ValueTask<T>> _here;
    private readonly TimeSpan _longest;

    internal FactTopic(ClusterFacts facts, string name, Func<TAsked, CancellationToken, ValueTask<T>> here, TimeSpan longest) =>
        (_facts, _name, _here, _longest) = (facts, name, here, longest);

    /// <summary>The answers of this node and of all others that answer, this one's first; nodes that did not are named.</summary>
    public async Task<Partial<IReadOnlyList<T>>> AskAsync(TAsked asked, CancellationToken cancellation)
    {
        var peers = _facts.Peers;
        var message = peers.Count == 0 ? [] : asked.ToByteArray();
        var others = new Task<FactReply<T>>[peers.Count];
        for (var i = 0; i < others.Length; i++)
            others[i] = _facts.AskAsync<T>(peers[i], _name, [], message, _longest, cancellation);
        var answers = new List<T> { await _here(asked, cancellation).ConfigureAwait(false) };
        var warnings = new List<string>();
        foreach (var reply in await Task.WhenAll(others).ConfigureAwait(false))
        {
            if (reply.Answer is { } answer)
                answers.Add(answer);
            else
                warnings.Add($"results are incomplete: a node did not answer about its {_name}: {reply.Error}");
        }
        return new Partial<IReadOnlyList<T>>(answers, warnings);
    }
}
