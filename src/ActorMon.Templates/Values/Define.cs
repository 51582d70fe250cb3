namespace ActorMon.Templates.Values;

/// <summary>Short ways to declare functions with one to three fixed parameters.</summary>
internal static class Define
{
    public static TemplateFunction Function(string name, TemplateType[] parameters, FunctionBody body) => new(name, parameters, false, body);

    public static TemplateFunction Variadic(string name, TemplateType[] parameters, FunctionBody body) => new(name, parameters, true, body);

    /// <summary>A function from text to text.</summary>
    public static TemplateFunction OnText(string name, Func<string, string> body) =>
        new(name, [TemplateType.String], false, (_, arguments) => body(Text(arguments[0])));

    public static string Text(TemplateValue value) => ((StringValue)value).Value;

    /// <summary>A method's entry in a type's table.</summary>
    public static KeyValuePair<string, TemplateFunction> Method(string name, TemplateType[] parameters, FunctionBody body) =>
        KeyValuePair.Create(name, new TemplateFunction(name, parameters, false, body));

    public static Dictionary<string, TemplateFunction> Methods(params KeyValuePair<string, TemplateFunction>[] methods) => new(methods, StringComparer.Ordinal);
}
