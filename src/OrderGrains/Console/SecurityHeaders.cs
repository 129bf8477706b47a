namespace OrderGrains.Console;

/// <summary>
/// Marks an endpoint as ours: strict headers, and nothing kept by a cache unless the endpoint says so.
/// </summary>
internal sealed class StrictHeaders
{
    public static StrictHeaders Instance { get; } = new();
}

/// <summary>What browsers must be told about our own answers, and about those to unknown paths.</summary>
internal static class SecurityHeaders
{
    private const string Policy =
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

    public static Task AddAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(SetAsync, context);
        return next(context);
    }

    private static Task SetAsync(object state)
    {
        var context = (HttpContext)state;
        // Other stations' endpoints (webhooks, metrics, the dashboard) speak for themselves.
        if (context.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<StrictHeaders>() is null)
            return Task.CompletedTask;
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        if (headers.CacheControl.Count == 0)
            headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }
}
