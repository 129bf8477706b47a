using Microsoft.AspNetCore.Diagnostics;

namespace OrderGrains.Console;

/// <summary>Turns whatever fails into what the asker reads: a program a problem document, a person a page.</summary>
internal static class ProblemPipeline
{
    private const string ProblemPage = "/console/problem";

    public static void UseProblems(this WebApplication app)
    {
        app.UseStatusCodePagesWithReExecute(ProblemPage);
        app.Use(next => context =>
        {
            if (!IsPage(context))
                context.Features.Get<IStatusCodePagesFeature>()!.Enabled = false;
            return next(context);
        });
        // A branch cannot show the page itself, for it has no routes: it leaves the status, and the page follows.
        app.UseWhen(IsPage, pages => pages.Use(next => context => CatchAsync(context, next)));
        app.UseWhen(IsApi, api => api
            .UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = WriteExceptionAsync })
            .UseStatusCodePages(WriteStatusAsync));
    }

    private static async Task CatchAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception)
            when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            var log = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("OrderGrains.Console");
            log.PageFailed(context.Request.Path, exception);
            context.Response.Clear();
            context.Response.StatusCode = Problems.OfException(exception).StatusCode;
        }
    }

    private static Task WriteStatusAsync(StatusCodeContext context) =>
        Problems.OfStatus(context.HttpContext.Response.StatusCode).ExecuteAsync(context.HttpContext);

    private static Task WriteExceptionAsync(HttpContext context) =>
        Problems.OfException(context.Features.Get<IExceptionHandlerFeature>()!.Error).ExecuteAsync(context);

    private static bool IsApi(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);

    /// <summary>A browser that wants a page; a webhook's sender does not.</summary>
    private static bool IsPage(HttpContext context) =>
        !IsApi(context)
        && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
