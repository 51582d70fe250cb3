namespace ActorMon.Http.Signing;

/// <param name="SessionToken">"": the keys are permanent.</param>
/// <param name="Expires">Null: never.</param>
internal sealed record AwsKeys(string AccessKey, string SecretKey, string SessionToken = "", DateTimeOffset? Expires = null);
