using ActorMon.Protocol.Links;
using Akka.Actor;

namespace ActorMon.Actors.Series;

/// <summary>The IngestLink's links to other nodes, one a node incarnation, made when the first batch goes there and stopped when nothing of the map is there any more.</summary>
internal sealed class PeerLinks(IActorContext context, Func<LinkPeer, Props> props)
{
    private readonly Dictionary<LinkPeer, IActorRef> _links = [];

    public IActorRef To(LinkPeer peer)
    {
        if (_links.TryGetValue(peer, out var link))
            return link;
        return _links[peer] = context.Watch(context.ActorOf(props(peer)));
    }

    public void Forget(IActorRef stopped)
    {
        foreach (var (peer, link) in _links)
            if (link.Equals(stopped))
            {
                _links.Remove(peer);
                return;
            }
    }

    public void StopUnused(IngestState[] states)
    {
        if (_links.Count == 0)
            return;
        var used = states.SelectMany(state => state.Links).Select(link => link.Holder.Peer).OfType<LinkPeer>().ToHashSet();
        foreach (var (peer, link) in _links.Where(l => !used.Contains(l.Key)).ToArray())
        {
            _links.Remove(peer);
            context.Unwatch(link);
            context.Stop(link);
        }
    }
}
