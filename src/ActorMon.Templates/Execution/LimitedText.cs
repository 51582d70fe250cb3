using System.Text;
using ActorMon.Model.Text;

namespace ActorMon.Templates.Execution;

/// <summary>A text under construction that may not grow beyond a number of bytes: a template can multiply its texts.</summary>
internal sealed class LimitedText(int maxBytes)
{
    private readonly StringBuilder _text = new();
    private long _bytes;

    public int Length => _text.Length;

    public LimitedText Append(ReadOnlySpan<char> text)
    {
        Charge(ByteText.ByteCount(text));
        _text.Append(text);
        return this;
    }

    public LimitedText Append(char c)
    {
        Charge(1);
        _text.Append(c);
        return this;
    }

    public LimitedText Append(char c, int count)
    {
        Charge(count);
        _text.Append(c, count);
        return this;
    }

    public override string ToString() => _text.ToString();

    private void Charge(int bytes)
    {
        _bytes += bytes;
        if (_bytes > maxBytes)
            TemplateFailure.Throw(TemplateErrorKind.Limit, $"template output exceeds {maxBytes} bytes");
    }
}
