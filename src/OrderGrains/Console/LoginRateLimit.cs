using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace OrderGrains.Console;

/// <summary>Bounds login attempts by remote address; looking at the login page is free.</summary>
internal sealed class LoginRateLimit : IRateLimiterPolicy<string>
{
    public const string Name = "login";
    public const int AttemptsPerMinuteMax = 10;

    public Func<OnRejectedContext, CancellationToken, ValueTask>? OnRejected { get; } = (context, _) =>
    {
        context.HttpContext.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        context.HttpContext.Response.Headers.RetryAfter = "60";
        return ValueTask.CompletedTask;
    };

    public RateLimitPartition<string> GetPartition(HttpContext httpContext)
    {
        if (!HttpMethods.IsPost(httpContext.Request.Method))
            return RateLimitPartition.GetNoLimiter("");
        var address = httpContext.Connection.RemoteIpAddress?.ToString() ?? "unknown";
        return RateLimitPartition.GetFixedWindowLimiter(address, _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = AttemptsPerMinuteMax,
            Window = TimeSpan.FromMinutes(1),
        });
    }
}
