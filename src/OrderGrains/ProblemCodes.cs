namespace OrderGrains;

/// <summary>
/// Completes every problem document (RFC 9457) that no station wrote itself: a wrong path, a wrong method, a fault. So
/// that each error of the process carries a <c>code</c>, and none the text of an exception.
/// </summary>
internal static class ProblemCodes
{
    public static void Complete(ProblemDetailsContext context)
    {
        var (code, detail) = Of(context.HttpContext.Response.StatusCode);
        context.ProblemDetails.Extensions.TryAdd("code", code);
        context.ProblemDetails.Detail ??= detail;
    }

    private static (string Code, string Detail) Of(int status) => status switch
    {
        404 => ("notFound", "There is no such path."),
        405 => ("methodNotAllowed", "The path exists, the method does not."),
        >= 500 => ("internal", "A fault of ours. The logs say more, under this request's trace."),
        _ => ("badRequest", "The request could not be read."),
    };
}
