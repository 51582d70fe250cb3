using System.Globalization;

namespace ActorMon.Alerting.Notifications;

/// <summary>What an HTTP answer means for a notification.</summary>
/// <param name="Retry">Try again after a while; an answer without error and without retry is success.</param>
/// <param name="Error">Null: delivered.</param>
public readonly record struct SendOutcome(bool Retry, string? Error)
{
    /// <summary>2xx is success; 5xx and the receiver's own retry codes are tried again; everything else is final.</summary>
    /// <param name="detail">What the answer says, such as its body; "" for nothing.</param>
    public static SendOutcome OfStatus(int status, string detail, params ReadOnlySpan<int> retryCodes)
    {
        if (status / 100 == 2)
            return new SendOutcome(false, null);
        var text = string.Create(CultureInfo.InvariantCulture, $"unexpected status code {status}");
        return new SendOutcome(status / 100 == 5 || retryCodes.Contains(status), detail.Length > 0 ? $"{text}: {detail}" : text);
    }

    /// <summary>The value of the label "reason" of the metric of failed notifications.</summary>
    public static string FailureReason(int status) => status switch
    {
        401 or 403 => "authError",
        429 => "rateLimited",
        >= 400 and < 500 => "clientError",
        >= 500 and < 600 => "serverError",
        _ => "other",
    };
}
