namespace OrderGrains.Console;

/// <summary>The Orleans Dashboard behind our login: it has none of its own.</summary>
internal static class Dashboard
{
    public const string Path = "/dashboard";

    /// <summary>It loads everything from here, but for pictures within its style sheet, and styles elements.</summary>
    private const string Policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

    /// <summary>
    /// For whoever may read everything: it shows the state of grains, and an order's has the buyer in it.
    /// </summary>
    public static void Protect(this RouteGroupBuilder dashboard) => dashboard
        .RequireAuthorization(Access.Operator).ExcludeFromDescription()
        .AddEndpointFilter(async (context, next) =>
        {
            var path = context.HttpContext.Request.Path.Value;
            if (path?.EndsWith("/GrainState", StringComparison.OrdinalIgnoreCase) == true)
            {
                await context.HttpContext.RequestServices.GetRequiredService<TrailKeeper>()
                    .LookedAsync(context.HttpContext.User, "lookGrains", null);
            }

            var headers = context.HttpContext.Response.Headers;
            headers.ContentSecurityPolicy = Policy;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "same-origin";
            return await next(context);
        });
}
