using ActorMon.Replication.Configurations;
using ActorMon.Replication.Map;
using Akka.Actor;
using Akka.Event;
using static ActorMon.Protocol.Control.ConfigurationProtocol;

namespace ActorMon.Actors.Control.Configurations;

/// <summary>Rounds: a proposed configuration is fetched, prepared by every member, written down, applied; one at a time.</summary>
public sealed partial class ConfigurationRegistryActor
{
    private readonly ConfigurationPieces _pieces = new();
    private readonly HashSet<(IActorRef To, long Correlation)> _askers = [];

    // The proposal under way, from its first message to the answer.
    private ContentName? _proposed;
    private string _origin = "";
    private IActorRef _proposer = ActorRefs.Nobody;
    private ReadOnlyMemory<byte> _content;
    private ConfigurationRound? _round;
    private TimeSpan _deadline;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    private void OnPropose(Propose propose)
    {
        if (_proposed is { } current && current.Hash == propose.Content.Hash)
        {
            // The same files from another node, or asked again.
            _askers.Add((Sender, propose.Correlation));
            FinishRound();
            return;
        }
        var refusal = _proposed is not null || _undurable is not null ? "another configuration is being prepared; try again" : CannotChange();
        if (refusal is not null || propose.Content.Hash == _inForce!.Hash)
        {
            Sender.Tell(new ProposalDone(propose.Correlation, refusal is null ? null : $"the configuration cannot change now: {refusal}"));
            return;
        }
        (_proposed, _origin, _proposer) = (propose.Content, propose.From.Node.ToString(), Sender);
        _askers.Add((Sender, propose.Correlation));
        _deadline = Now + _settings.Patience;
        _pieces.Start(propose.Content);
        _proposer.Tell(_pieces.Wanted!);
    }

    private void OnPiece(Piece piece)
    {
        if (_pieces.Add(piece) is { } content)
        {
            _content = content;
            _deadline = Now + _settings.Patience;
            _round = ConfigurationRound.Start(piece.Hash, _members);
            Advance();
            foreach (var member in _members)
                AskToPrepare(member.Id);
        }
        else if (_pieces.Wanted is { } wanted && !piece.Content.IsEmpty)
            _proposer.Tell(wanted);
    }

    private void AskToPrepare(NodeId member)
    {
        if (_round is { } round && _proposed is { } proposed && round.Waiting.Any(m => m.Id == member) && _keepers.TryGetValue(member, out var keeper))
            keeper.Ref.Tell(new Prepare(proposed, round.IsStrict));
    }

    private void OnPrepared(Prepared prepared)
    {
        if (_round is null || !_round.Members.TryGetValue(prepared.By.Node, out var member) || member.Incarnation != prepared.By.Incarnation)
            return;
        _round = _round.Answered(prepared.By.Node, prepared.Hash, prepared.Error);
        Advance();
    }

    private void OnMembersOfRound()
    {
        if (_round is not null)
        {
            _round = _round.With(_members);
            Advance();
            foreach (var member in _members)
                AskToPrepare(member.Id);
        }
        FinishRound();
    }

    private void Advance()
    {
        switch (_round?.Outcome)
        {
            case RoundOutcome.Refused:
                _log.Error("The configuration that node {Origin} proposed is in effect nowhere: {Error}", _origin, _round.Error);
                Answer(_round.Error);
                break;
            case RoundOutcome.Prepared:
                _round = null;
                _deadline = Now + _settings.Patience;
                Accept(_inForce!.Next(_proposed!.Value.Hash, _origin, _content));
                break;
        }
    }

    /// <summary>The proposed version is in force: its proposer hears of it when every member uses it, or cannot.</summary>
    private void OnCommitted() => FinishRound();

    private void FinishRound()
    {
        if (_proposed is not { } proposed || _inForce is null || _inForce.Hash != proposed.Hash)
            return;
        var all = _members.All(m => _keepers.TryGetValue(m.Id, out var keeper) && (keeper.State.Number == _inForce.Number || keeper.State.Problem is not null));
        if (all || Now >= _deadline)
            Answer(null);
    }

    private void OnTick()
    {
        if (_proposed is null)
            return;
        if (_pieces.Wanted is { } wanted)
            _proposer.Tell(wanted);
        if (_round is { } round)
            foreach (var member in round.Waiting)
                AskToPrepare(member.Id);
        FinishRound();
        if (_proposed is null || Now < _deadline)
            return;
        if (_pieces.Wanted is not null)
            Answer("the node that proposed the configuration has gone");
        else if (_round is not null)
        {
            _round = _round.TimedOut();
            Advance();
        }
        // Else it waits for the journal; the asker has a deadline of its own.
    }

    private void Answer(string? error)
    {
        foreach (var (to, correlation) in _askers)
            to.Tell(new ProposalDone(correlation, error));
        _askers.Clear();
        _pieces.Stop();
        (_proposed, _round, _content, _proposer) = (null, null, default, ActorRefs.Nobody);
    }

    private ReadOnlyMemory<byte> ContentOf(string hash) =>
        _proposed is { } proposed && proposed.Hash == hash && !_content.IsEmpty ? _content
        : _inForce is { } version && version.Hash == hash ? version.Bundle
        : default;
}
