using System.Text;
using ActorMon.Http.Options;

namespace ActorMon.Http.Files;

/// <summary>Reads a <see cref="SecretSource"/> at use. A file's text loses the white space at its ends, as the peers have it; inline text is taken as it is.</summary>
public static class Secrets
{
    /// <summary>The secret; "" when none is set.</summary>
    /// <param name="what">Names the secret in the error: <c>unable to read WHAT: unable to read file ...</c>.</param>
    public static string Read(SecretSource source, IFileReader files, string what) =>
        source.File is { } file ? ReadFile(file, files, $"unable to read {what}: unable to read file {file}") : source.Inline ?? "";

    /// <exception cref="HttpTransportException">The file cannot be read; the text starts with <paramref name="failure"/>.</exception>
    public static string ReadFile(string file, IFileReader files, string failure)
    {
        try
        {
            return Encoding.UTF8.GetString(files.ReadAllBytes(file)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HttpTransportException($"{failure}: {Reason(file, e)}", e);
        }
    }

    /// <summary>A file error in the system's words: <c>open FILE: no such file or directory</c>.</summary>
    public static string Reason(string file, Exception e) => $"open {file}: " + e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "no such file or directory",
        UnauthorizedAccessException => Directory.Exists(file) ? "is a directory" : "permission denied",
        _ => e.Message,
    };
}
