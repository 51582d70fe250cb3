using System.Globalization;
using System.Text;
using System.Xml;

namespace ActorMon.Tool.Rules;

/// <summary>Results of tests in the XML form of JUnit, as promtool writes it: a suite a file, a case a test.</summary>
internal sealed class JUnitReport
{
    private readonly List<TestSuite> _suites = [];

    public TestSuite Suite(string name)
    {
        var suite = new TestSuite(name);
        _suites.Add(suite);
        return suite;
    }

    public void Write(string path)
    {
        using var writer = XmlWriter.Create(path, new XmlWriterSettings { OmitXmlDeclaration = true, Encoding = new UTF8Encoding(false), CheckCharacters = false });
        writer.WriteStartElement("testsuites");
        foreach (var suite in _suites)
            suite.Write(writer);
        writer.WriteEndElement();
    }

    /// <summary>One file.</summary>
    public sealed class TestSuite(string name)
    {
        private readonly List<(string Name, IReadOnlyList<string> Failures)> _cases = [];
        private string? _aborted;

        public DateTimeOffset? Time { get; set; }

        /// <summary>No failures: the test passed.</summary>
        public void Case(string test, IReadOnlyList<string> failures) => _cases.Add((test, failures));

        /// <summary>The file cannot be used at all.</summary>
        public void Abort(string error) => _aborted = error;

        public void Write(XmlWriter writer)
        {
            writer.WriteStartElement("testsuite");
            writer.WriteAttributeString("name", name);
            writer.WriteAttributeString("tests", Number(_cases.Count + (_aborted is null ? 0 : 1)));
            writer.WriteAttributeString("failures", Number(_cases.Sum(c => c.Failures.Count)));
            writer.WriteAttributeString("errors", Number(_aborted is null ? 0 : 1));
            writer.WriteAttributeString("skipped", "0");
            writer.WriteAttributeString("timestamp", Time?.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) ?? "");
            foreach (var (test, failures) in _cases)
                Case(writer, test, "failure", failures);
            if (_aborted is { } error)
                Case(writer, "unknown", "error", [error]);
            writer.WriteEndElement();
        }

        private static void Case(XmlWriter writer, string test, string kind, IReadOnlyList<string> texts)
        {
            writer.WriteStartElement("testcase");
            writer.WriteAttributeString("name", test);
            foreach (var text in texts)
                writer.WriteElementString(kind, text);
            writer.WriteEndElement();
        }

        private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
    }
}
