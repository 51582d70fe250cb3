using System.Threading.Channels;
using ActorMon.Model.Telemetry;

namespace ActorMon.Api.Notifications;

/// <summary>One thing an operator should know now. <paramref name="Active"/> false: it is over; only live subscribers see that.</summary>
public sealed record Notification(string Text, DateTimeOffset Date, bool Active);

/// <summary>
/// What concerns the whole node at the moment (a start, a failed reload, a stop), and who listens to it live. Thread-safe; a subscriber that does not read misses
/// updates and holds nobody up.
/// </summary>
public sealed class NodeNotifications
{
    public const string ReloadFailed = "Configuration reload has failed.";
    public const string StartingUp = "ActorMon is starting and replaying the write-ahead log (WAL).";
    public const string ShuttingDown = "ActorMon is shutting down and gracefully stopping all operations.";

    private const int Waiting = 10;

    private readonly Lock _lock = new();
    private readonly List<Notification> _current = [];
    private readonly HashSet<Subscription> _subscribers = [];
    private readonly int _maxSubscribers;
    private readonly TimeProvider _time;
    private readonly Counter _sent;
    private readonly Counter _dropped;
    private bool _closed;

    /// <param name="maxSubscribers">Live subscribers at once.</param>
    public NodeNotifications(int maxSubscribers, MetricRegistry metrics, TimeProvider time)
    {
        _maxSubscribers = maxSubscribers;
        _time = time;
        metrics.Gauge("prometheus_api_notification_active_subscribers", "The current number of active notification subscribers.", () => _subscribers.Count);
        _sent = metrics.Counter("prometheus_api_notification_updates_sent_total", "Total number of notification updates sent.");
        _dropped = metrics.Counter("prometheus_api_notification_updates_dropped_total", "Total number of notification updates dropped.");
    }

    /// <summary>Adds a notification; one of the same text gets a new date.</summary>
    public void Add(string text)
    {
        lock (_lock)
        {
            var notification = new Notification(text, _time.GetUtcNow(), true);
            var known = _current.FindIndex(n => n.Text == text);
            if (known >= 0)
                _current[known] = notification;
            else
                _current.Add(notification);
            Send(notification);
        }
    }

    public void Remove(string text)
    {
        lock (_lock)
        {
            var known = _current.FindIndex(n => n.Text == text);
            if (known < 0)
                return;
            var over = _current[known] with { Active = false };
            _current.RemoveAt(known);
            Send(over);
        }
    }

    public IReadOnlyList<Notification> Current()
    {
        lock (_lock)
            return [.. _current];
    }

    /// <summary>A live subscription that begins with what stands now; the caller disposes it. Null: there are too many, or the node stops.</summary>
    public Subscription? Subscribe()
    {
        lock (_lock)
        {
            if (_closed || _subscribers.Count >= _maxSubscribers)
                return null;
            var subscription = new Subscription(this, _current.Count + Waiting);
            _subscribers.Add(subscription);
            foreach (var notification in _current)
                subscription.TryWrite(notification);
            return subscription;
        }
    }

    /// <summary>Ends every live subscription: they would hold up the stop of the server.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            foreach (var subscriber in _subscribers)
                subscriber.Complete();
        }
    }

    private void Send(Notification notification)
    {
        foreach (var subscriber in _subscribers)
        {
            _sent.Add();
            if (!subscriber.TryWrite(notification))
                _dropped.Add();
        }
    }

    private void Forget(Subscription subscription)
    {
        lock (_lock)
            _subscribers.Remove(subscription);
    }

    /// <summary>The notifications one subscriber has yet to read.</summary>
    public sealed class Subscription : IDisposable
    {
        private readonly NodeNotifications _owner;
        private readonly Channel<Notification> _channel;

        internal Subscription(NodeNotifications owner, int capacity)
        {
            _owner = owner;
            _channel = Channel.CreateBounded<Notification>(capacity);
        }

        public ChannelReader<Notification> Reader => _channel.Reader;

        internal bool TryWrite(Notification notification) => _channel.Writer.TryWrite(notification);

        internal void Complete() => _channel.Writer.TryComplete();

        public void Dispose() => _owner.Forget(this);
    }
}
