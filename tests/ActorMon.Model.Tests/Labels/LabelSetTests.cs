using ActorMon.Model.Labels;
using ActorMon.Model.Text;
using CsCheck;

namespace ActorMon.Model.Tests.Labels;

public sealed class LabelSetTests
{
    private static readonly Gen<string> Texts = Pick.From("a", "b", "aa", "Z", "_", "é", "花", "😀", "\uDCFE", "");
    private static readonly Gen<(string Name, string Value)[]> Pairs = Gen.Select(Texts.Where(t => t.Length > 0), Texts).Array[0, 8];

    [Fact]
    public void A_builder_keeps_the_last_value_of_each_name_sorted_and_without_empty_ones() => Pairs.Sample(pairs =>
    {
        var builder = new LabelSetBuilder();
        var model = new Dictionary<string, string>();
        foreach (var (name, value) in pairs)
        {
            builder.Set(name, value);
            model[name] = value;
            if (value.Length == 0)
                model.Remove(name);
        }
        var built = builder.Build();
        Assert.Equal(model.OrderBy(p => p.Key, Comparer<string>.Create(ByteText.Compare)), built.Select(l => KeyValuePair.Create(l.Name, l.Value)));
        foreach (var name in pairs.Select(p => p.Name))
        {
            Assert.Equal(model.GetValueOrDefault(name, ""), built.Get(name));
            Assert.Equal(model.ContainsKey(name), built.Has(name));
        }
    });

    [Fact]
    public void The_order_of_setting_does_not_matter() => Pairs.Sample(pairs =>
    {
        var distinct = pairs.DistinctBy(p => p.Name).ToArray();
        var forward = Of(distinct);
        var backward = Of([.. distinct.Reverse()]);
        Assert.Equal(forward, backward);
        Assert.Equal(forward.GetHashCode(), backward.GetHashCode());
        Assert.Equal(0, forward.CompareTo(backward));
    });

    [Fact]
    public void Comparing_is_antisymmetric_and_agrees_with_equality() => Gen.Select(Pairs, Pairs).Sample((a, b) =>
    {
        var (x, y) = (Of(a), Of(b));
        Assert.Equal(Math.Sign(x.CompareTo(y)), -Math.Sign(y.CompareTo(x)));
        Assert.Equal(x.Equals(y), x.CompareTo(y) == 0);
    });

    [Fact]
    public void A_prefix_comes_first() => Assert.True(LabelSet.Of("a", "1").CompareTo(LabelSet.Of("a", "1", "b", "1")) < 0);

    [Fact]
    public void Keeping_and_leaving_out_are_complements() => Pairs.Sample(pairs =>
    {
        var all = Of(pairs);
        var (kept, rest) = (all.Keep("a", "é"), all.Without("a", "é"));
        Assert.Equal(all.Count, kept.Count + rest.Count);
        Assert.All(kept, l => Assert.True(l.Name is "a" or "é"));
    });

    [Fact]
    public void The_text_of_a_set_quotes_as_the_peer_does() =>
        Assert.Equal("{\"a.b\"=\"\\\"x\\\"\", job=\"é\\n\"}", LabelSet.Of("job", "é\n", "a.b", "\"x\"").ToString());

    [Fact]
    public void A_builder_starts_over_from_a_base()
    {
        var builder = new LabelSetBuilder(LabelSet.Of("a", "1", "b", "2"));
        Assert.Equal(LabelSet.Of("a", "1", "b", "2", "c", "3"), builder.Set("c", "3").Build());
        builder.Reset(LabelSet.Of("z", "9"));
        Assert.Equal(LabelSet.Of("A", "0", "z", "9"), builder.Set("A", "0").Build());
        builder.Reset();
        Assert.Same(LabelSet.Empty, builder.Build());
    }

    private static LabelSet Of((string Name, string Value)[] pairs)
    {
        var builder = new LabelSetBuilder();
        foreach (var (name, value) in pairs)
            builder.Set(name, value);
        return builder.Build();
    }
}
