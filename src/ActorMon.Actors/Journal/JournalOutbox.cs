using ActorMon.Protocol.Journal;
using static ActorMon.Protocol.Journal.JournalProtocol;

namespace ActorMon.Actors.Journal;

/// <summary>What a journal was given and has not made durable yet, in order; the first of it may be on its way to the database.</summary>
internal sealed class JournalOutbox(int maxEvents)
{
    private readonly Queue<(Persist Persist, long Since)> _waiting = new();
    private List<JournalRecord> _sent = [];
    private long _sentThrough;

    /// <summary>Events that wait or are being written.</summary>
    public int Events { get; private set; }

    /// <summary>Everything up to this number of the owner is durable.</summary>
    public long Through { get; private set; }

    public bool IsSending => _sent.Count > 0;

    /// <summary>Being written now; whether they arrived is not known until it is said.</summary>
    public IReadOnlyList<JournalRecord> Sent => _sent;

    /// <summary>Since when the first of what is being written has waited.</summary>
    public long SentSince { get; private set; }

    /// <param name="now">A timestamp of the caller's clock.</param>
    /// <returns>False: it is full.</returns>
    public bool TryAdd(Persist persist, long now)
    {
        if (Events + persist.Records.Count > maxEvents && Events > 0)
            return false;
        _waiting.Enqueue((persist, now));
        Events += persist.Records.Count;
        return true;
    }

    /// <summary>Everything that waits, as one write; empty: nothing waits or a write is under way.</summary>
    public IReadOnlyList<JournalRecord> Send()
    {
        if (IsSending)
            return [];
        var records = new List<JournalRecord>(Events);
        while (_waiting.TryDequeue(out var next))
        {
            if (records.Count == 0)
                SentSince = next.Since;
            records.AddRange(next.Persist.Records);
            _sentThrough = next.Persist.Number;
        }
        return _sent = records;
    }

    /// <summary>What was being written is durable.</summary>
    public void Confirm()
    {
        Events -= _sent.Count;
        Through = _sentThrough;
        _sent = [];
    }
}
