using System.Security.Cryptography;
using System.Text;

namespace ActorMon.Host.Web;

/// <summary>
/// Compares a user's password with a bcrypt hash. One comparison at a time, since each is made to cost tens of milliseconds of a core; what was compared is remembered
/// by a hash of all of it, at most 100 entries. An unknown user costs as much as a known one.
/// </summary>
public sealed class PasswordCheck : IDisposable
{
    private const int Remembered = 100;

    private readonly Dictionary<string, bool> _known = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private readonly SemaphoreSlim _gate = new(1);
    private readonly string _stranger = BCrypt.Net.BCrypt.HashPassword(Convert.ToHexString(RandomNumberGenerator.GetBytes(16)), 10);

    /// <param name="users">User name to bcrypt hash.</param>
    public async ValueTask<bool> IsRightAsync(IReadOnlyDictionary<string, string> users, string user, string password, CancellationToken cancellation)
    {
        var isKnown = users.TryGetValue(user, out var hash);
        hash ??= _stranger;
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{user.Length}:{user}{hash.Length}:{hash}{password}")));
        await _gate.WaitAsync(cancellation);
        try
        {
            if (!_known.TryGetValue(key, out var right))
            {
                right = await Task.Run(() => Compare(password, hash), CancellationToken.None) && isKnown;
                Remember(key, right);
            }
            return right;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private static bool Compare(string password, string hash)
    {
        try
        {
            return BCrypt.Net.BCrypt.Verify(password, hash);
        }
        catch (BCrypt.Net.SaltParseException)
        {
            // Whoever wrote this hash made a mistake: nobody has that password.
            return false;
        }
    }

    private void Remember(string key, bool right)
    {
        if (_order.Count == Remembered)
            _known.Remove(_order.Dequeue());
        _known.Add(key, right);
        _order.Enqueue(key);
    }
}
