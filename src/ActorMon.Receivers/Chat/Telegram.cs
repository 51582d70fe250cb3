using System.Globalization;
using ActorMon.Alerting.Notifications;
using ActorMon.Http.Options;
using ActorMon.Receivers.Building;
using ActorMon.Receivers.Composing;
using ActorMon.Receivers.Sending;

namespace ActorMon.Receivers.Chat;

/// <summary>Telegram: a bot's message to a chat. Every failure but a wrong template is worth another try, as in the original.</summary>
internal sealed class Telegram(IntegrationParts parts) : HttpIntegration(parts)
{
    private const int MaxText = 4096;

    /// <summary>In place of HTML that is too long: cut HTML would not be shown at all.</summary>
    private const string TooLong =
        "Alertmanager notification could not be sent: message length exceeds Telegram limits.\n\t\t\tPlease check the template used for producing the message content.";

    private readonly string _url = parts.Reader.Text("api_url");
    private readonly SecretSource _token = parts.Reader.Text("bot_token_file") is { Length: > 0 } file ? new SecretSource(File: file) : parts.Reader.Secret("bot_token");
    private readonly long _chatId = parts.Reader.Integer("chat_id");
    private readonly string _chatIdFile = parts.Reader.Text("chat_id_file");
    private readonly long _threadId = parts.Reader.Integer("message_thread_id");
    private readonly TemplatedText _message = parts.Reader.Template("message");
    private readonly bool _isSilent = parts.Reader.Bool("disable_notifications");
    private readonly string _parseMode = parts.Reader.Text("parse_mode");

    protected override async Task<NotifyResult> NotifyAsync(Composer composer, CancellationToken cancellation)
    {
        var text = Message(composer);
        if (composer.Failure is { } failure)
            return Final(failure);
        var token = composer.Secret(_token, $"could not read {_token.File}");
        var chat = ChatId(composer);
        if (composer.Failure is { } unread)
            return TryAgain(unread);
        // The names in order, every value a text: what the original's library sends.
        var body = JsonText.Object(json =>
        {
            json.Text("chat_id", chat);
            if (_isSilent)
                json.Text("disable_notification", "true");
            json.Text("disable_web_page_preview", "true");
            if (_threadId != 0)
                json.Text("message_thread_id", _threadId.ToString(CultureInfo.InvariantCulture));
            json.TextIfAny("parse_mode", _parseMode);
            json.Text("text", text);
        });
        return Judge(await SendAsync(HttpCall.PostJson($"{_url}/bot{token}/sendMessage", body), cancellation).ConfigureAwait(false));
    }

    private string Message(Composer composer)
    {
        if (_parseMode != "HTML")
            return Truncation.InCharacters(composer.Text(_message), MaxText, out _);
        var html = composer.Html(_message);
        return html.EnumerateRunes().Count() > MaxText ? TooLong : html;
    }

    private string ChatId(Composer composer)
    {
        if (_chatIdFile.Length == 0)
            return _chatId.ToString(CultureInfo.InvariantCulture);
        var text = composer.Secret(new SecretSource(File: _chatIdFile), $"could not read {_chatIdFile}");
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id))
            return id.ToString(CultureInfo.InvariantCulture);
        composer.Fail($"could not parse chat_id from {_chatIdFile}");
        return "";
    }

    /// <summary>Telegram says in the body whether it took the message.</summary>
    private static NotifyResult Judge(HttpAnswer answer)
    {
        if (answer.Error is { } error)
            return TryAgain(error);
        if (JsonAnswer.Parse(answer.Body) is not { } said)
            return TryAgain(FormattableString.Invariant($"telegram: unexpected status code {answer.Status}"), SendOutcome.FailureReason(answer.Status));
        if (said.Flag("ok"))
            return NotifyResult.Sent();
        var code = said.Number("error_code");
        return TryAgain(FormattableString.Invariant($"telegram: {said.Text("description")} ({code})"), SendOutcome.FailureReason(code));
    }
}
