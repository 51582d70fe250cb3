using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using ActorMon.Model.Labels;
using ActorMon.Model.Matchers;

namespace ActorMon.Configuration.Diff;

/// <summary>
/// Equality of configuration records by content: records are compared property by property, lists in order, dictionaries by key. The records' own equality
/// stops at the references of the lists they hold. For configuration only: it uses reflection and expects trees, not cycles.
/// </summary>
public sealed class ContentComparer : IEqualityComparer<object?>
{
    public static readonly ContentComparer Instance = new();

    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Properties = new();

    private ContentComparer() { }

    public new bool Equals(object? x, object? y)
    {
        if (ReferenceEquals(x, y))
            return true;
        if (x is null || y is null)
            return false;
        if (IsLeaf(x))
            return x.Equals(y);
        switch (x)
        {
            case AnchoredRegex regex:
                return y is AnchoredRegex other && regex.Pattern == other.Pattern;
            // Uri's own equality leaves out user and password.
            case Uri uri:
                return y is Uri otherUri && uri.OriginalString == otherUri.OriginalString;
            case IEnumerable items when AsMap(x) is null:
                return y is IEnumerable others && AsMap(y) is null && SameItems(items, others);
        }
        if (AsMap(x) is { } map)
            return AsMap(y) is { } otherMap && SameEntries(map, otherMap);
        return x.GetType() == y.GetType() && Array.TrueForAll(PropertiesOf(x.GetType()), p => Equals(p.GetValue(x), p.GetValue(y)));
    }

    /// <summary>Equal for equal content, within this process.</summary>
    public int GetHashCode(object? value)
    {
        var hash = new HashCode();
        Add(ref hash, value);
        return hash.ToHashCode();
    }

    private void Add(ref HashCode hash, object? value)
    {
        switch (value)
        {
            case null:
                hash.Add(0);
                break;
            case AnchoredRegex regex:
                hash.Add(regex.Pattern, StringComparer.Ordinal);
                break;
            case Uri uri:
                hash.Add(uri.OriginalString, StringComparer.Ordinal);
                break;
            case not null when IsLeaf(value):
                hash.Add(value);
                break;
            case not null when AsMap(value) is { } map:
                // Dictionaries have no order of their own.
                var sum = 0;
                foreach (var (key, item) in map)
                    sum += HashCode.Combine(key, GetHashCode(item));
                hash.Add(sum);
                break;
            case IEnumerable items:
                foreach (var item in items)
                    Add(ref hash, item);
                break;
            default:
                foreach (var property in PropertiesOf(value.GetType()))
                    Add(ref hash, property.GetValue(value));
                break;
        }
    }

    private bool SameItems(IEnumerable x, IEnumerable y)
    {
        var others = y.GetEnumerator();
        foreach (var item in x)
            if (!others.MoveNext() || !Equals(item, others.Current))
                return false;
        return !others.MoveNext();
    }

    private bool SameEntries(Dictionary<object, object?> x, Dictionary<object, object?> y)
    {
        if (x.Count != y.Count)
            return false;
        foreach (var (key, value) in x)
            if (!y.TryGetValue(key, out var other) || !Equals(value, other))
                return false;
        return true;
    }

    private static bool IsLeaf(object value) => value is string or LabelSet || value.GetType().IsPrimitive || value is TimeSpan or Enum or decimal or DateTimeOffset;

    private static Dictionary<object, object?>? AsMap(object value)
    {
        var pairs = value.GetType().GetInterfaces().FirstOrDefault(i => i.IsGenericType
            && (i.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) || i.GetGenericTypeDefinition() == typeof(IDictionary<,>)));
        if (pairs is null)
            return null;
        var map = new Dictionary<object, object?>();
        foreach (var entry in (IEnumerable)value)
        {
            var type = entry.GetType();
            map[type.GetProperty("Key")!.GetValue(entry)!] = type.GetProperty("Value")!.GetValue(entry);
        }
        return map;
    }

    private static PropertyInfo[] PropertiesOf(Type type) => Properties.GetOrAdd(type, static t =>
        [.. t.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0 && p.CanRead)]);
}
