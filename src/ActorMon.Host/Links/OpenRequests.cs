namespace ActorMon.Host.Links;

/// <summary>Counts the requests that are being handled, by node and operation. Bounded by the number of connections. Thread-safe.</summary>
internal sealed class OpenRequests
{
    private readonly Dictionary<(string Node, string Operation), int> _open = [];
    private readonly Lock _lock = new();

    public bool TryEnter(string node, string operation, int max)
    {
        lock (_lock)
        {
            var open = _open.GetValueOrDefault((node, operation));
            if (open >= max)
                return false;
            _open[(node, operation)] = open + 1;
            return true;
        }
    }

    public void Leave(string node, string operation)
    {
        lock (_lock)
        {
            var open = _open[(node, operation)] - 1;
            if (open == 0)
                _open.Remove((node, operation));
            else
                _open[(node, operation)] = open;
        }
    }
}
