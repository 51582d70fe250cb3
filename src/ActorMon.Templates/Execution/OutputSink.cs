using ActorMon.Templates.Printing;
using ActorMon.Templates.Syntax;
using ActorMon.Templates.Values;

namespace ActorMon.Templates.Execution;

/// <summary>Takes what a run writes: the template's own text and the values of its actions.</summary>
internal abstract class OutputSink(LimitedText output)
{
    protected LimitedText Output => output;

    public abstract void Text(TextNode text);

    public abstract void Value(TemplateValue value);

    /// <summary>Whether a last command of the pipeline that escapes by itself (html, urlquery) is to be left to the sink; an error when it may not stand there.</summary>
    public virtual bool TakesOver(PipeNode pipe) => false;

    /// <summary>The output.</summary>
    /// <param name="name">The template's, for messages.</param>
    public virtual FunctionResult Finish(string name) => new StringValue(output.ToString(), TemplateType.Html);
}

/// <summary>Plain text: values as they print.</summary>
internal sealed class TextSink(LimitedText output) : OutputSink(output)
{
    public override void Text(TextNode text) => Output.Append(text.Text);

    public override void Value(TemplateValue value)
    {
        if (value is StringValue text)
            Output.Append(text.Value);
        else if (value is NilValue)
            Output.Append("<no value>");
        else
            new GoPrinter(Output).PrintTop(value);
    }
}
