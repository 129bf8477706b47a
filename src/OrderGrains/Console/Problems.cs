using Microsoft.AspNetCore.Http.HttpResults;

namespace OrderGrains.Console;

/// <summary>
/// Every error of the API: RFC 9457 with a stable <c>code</c>. Programs read the code, people the detail.
/// </summary>
internal static class Problems
{
    public static ProblemHttpResult NotFound(string what) =>
        Of(StatusCodes.Status404NotFound, "notFound", "Not found", what);

    public static ProblemHttpResult Conflict(string code, string detail) =>
        Of(StatusCodes.Status409Conflict, code, "The rules forbid it", detail);

    /// <summary>The request itself is wrong; each mistake is a field and the rule that it breaks.</summary>
    public static ProblemHttpResult Invalid(IReadOnlyDictionary<string, string> mistakes) => TypedResults.Problem(
        detail: string.Join(' ', mistakes.Select(mistake => $"{mistake.Key}: {mistake.Value}")),
        statusCode: StatusCodes.Status400BadRequest,
        title: "The request is wrong",
        extensions: new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["code"] = "invalid",
            ["errors"] = mistakes,
        });

    public static ProblemHttpResult Invalid(string field, string rule) =>
        Invalid(new Dictionary<string, string>(StringComparer.Ordinal) { [field] = rule });

    /// <summary>For an answer that carries a status and nothing else.</summary>
    public static ProblemHttpResult OfStatus(int status) => status switch
    {
        401 => Of(status, "unauthenticated", "Who are you?", "Send Authorization: Bearer with an API key's secret."),
        403 => Of(status, "forbidden", "Not with this key", "The key's role does not allow this call."),
        404 => Of(status, "notFound", "Not found", "There is no such path."),
        405 => Of(status, "methodNotAllowed", "Not this method", "The path exists, the method does not."),
        415 => Of(status, "unsupportedMediaType", "Not this media type", "Send application/json."),
        >= 500 => Of(status, "internal", "A fault of ours", "The logs say more, under this request's trace."),
        _ => Of(status, "badRequest", "The request is wrong", "The request could not be read."),
    };

    /// <summary>For an exception: what is broken, and whether to ask again; never its text.</summary>
    public static ProblemHttpResult OfException(Exception exception) => exception switch
    {
        StorageException => Of(
            StatusCodes.Status503ServiceUnavailable, "storageUnavailable", "The database does not answer",
            "The outcome is unknown: read again before acting again."),
        TimeoutException or OrleansException => Of(
            StatusCodes.Status503ServiceUnavailable, "outcomeUnknown", "No answer in time",
            "The outcome is unknown: read again before acting again."),
        FormatException => Invalid("cursor", "must be the nextCursor of a page before."),
        BadHttpRequestException bad => OfStatus(bad.StatusCode),
        _ => OfStatus(StatusCodes.Status500InternalServerError),
    };

    private static ProblemHttpResult Of(int status, string code, string title, string detail) => TypedResults.Problem(
        detail: detail, statusCode: status, title: title,
        extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["code"] = code });
}
