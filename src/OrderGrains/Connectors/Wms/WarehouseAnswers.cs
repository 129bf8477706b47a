using Microsoft.AspNetCore.WebUtilities;

namespace OrderGrains.Connectors.Wms;

/// <summary>What a status code means to each call (CONTRACT section 3). Null: the same to every call.</summary>
internal static class WarehouseAnswers
{
    public static readonly TimeSpan RetryAfterMax = TimeSpan.FromHours(1);

    private const int DetailCharsMax = 500;

    public static WarehouseAnswer? OfRelease(int status, WarehouseAnswerBody body) => status switch
    {
        // The order is taken, whatever the body looks like.
        >= 200 and < 300 => new WarehouseAnswer.Taken(body.WarehouseOrderId),
        409 => new WarehouseAnswer.TooLate(),
        _ => null,
    };

    public static WarehouseAnswer? OfFind(int status, WarehouseAnswerBody body) => status switch
    {
        // Some proxies answer 200 with a page of their own: taking it for the order would lose the order.
        200 when !body.IsObject => new WarehouseAnswer.Failed("200 without a JSON object", RetryAfter: null),
        200 when string.Equals(body.Status, "cancelled", StringComparison.OrdinalIgnoreCase) =>
            new WarehouseAnswer.Cancelled(),
        200 => new WarehouseAnswer.Taken(body.WarehouseOrderId),
        404 => new WarehouseAnswer.NotFound(),
        _ => null,
    };

    public static WarehouseAnswer? OfCancel(int status, WarehouseAnswerBody body) => status switch
    {
        >= 200 and < 300 => new WarehouseAnswer.Cancelled(),
        404 => new WarehouseAnswer.NotFound(),
        409 => new WarehouseAnswer.TooLate(),
        _ => null,
    };

    /// <summary>What a status means to every call.</summary>
    public static WarehouseAnswer OfFailure(
        int status, WarehouseAnswerBody body, TimeSpan? retryAfter, IEnumerable<string> secrets)
    {
        var told = body.Detail is { } detail ? Detail(detail, secrets) : null;
        var phrase = ReasonPhrases.GetReasonPhrase(status);
        var text = Detail($"{status} {told ?? phrase}".TrimEnd(), secrets);
        return status switch
        {
            401 or 403 => new WarehouseAnswer.Unauthorized(text),
            422 when told is not null => new WarehouseAnswer.Refused(told),
            408 or 425 or 429 or >= 500 => new WarehouseAnswer.Failed(text, retryAfter),
            >= 300 => new WarehouseAnswer.Refused(text),
            _ => new WarehouseAnswer.Failed(text, retryAfter),
        };
    }

    /// <summary>Another system's words, for people: bounded, printable, and without our secrets.</summary>
    public static string Detail(string text, IEnumerable<string> secrets)
    {
        foreach (var secret in secrets.Where(secret => secret.Length > 0))
            text = text.Replace(secret, "…", StringComparison.Ordinal);
        return Printable.Of(text, DetailCharsMax);
    }
}
