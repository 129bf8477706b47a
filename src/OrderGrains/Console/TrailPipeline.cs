using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console;

/// <summary>
/// The one place that every act passes, by API or page: each gets an entry in the trail, before it is done. It asks no
/// endpoint for consent, so none can forget.
/// </summary>
internal static class TrailPipeline
{
    private const int HandlerLengthMax = 40;

    private static readonly object Refused = new();

    /// <summary>Fields of our pages' forms, and of their addresses, that name what is acted on.</summary>
    private static readonly string[] SubjectFields = ["id", "name", "source", "destination", "location", "sku"];

    /// <summary>Comes after authentication and before authorization: what a role forbids is an entry too.</summary>
    public static void UseTrail(this WebApplication app) => app.Use(next => context => RecordAsync(context, next));

    /// <summary>The rules forbade it, though the answer's status does not say so.</summary>
    public static void MarkRefused(this HttpContext context) => context.Items[Refused] = true;

    private static async Task RecordAsync(HttpContext context, RequestDelegate next)
    {
        if (await ActOfAsync(context) is var (act, subject))
        {
            var keeper = context.RequestServices.GetRequiredService<TrailKeeper>();
            var id = await keeper.BeginAsync(context.User, act, subject);
            // Whoever hears the answer finds the outcome in the trail.
            context.Response.OnStarting(() => ResultOf(context) is { } result
                ? keeper.EndAsync(id, result) : Task.CompletedTask);
        }

        await next(context);
    }

    /// <summary>Of a fault of ours the outcome is not known.</summary>
    private static TrailResult? ResultOf(HttpContext context) => context.Response.StatusCode switch
    {
        >= 500 => null,
        >= 400 => TrailResult.Refused,
        _ => context.Items.ContainsKey(Refused) ? TrailResult.Refused : TrailResult.Done,
    };

    /// <summary>Null when it is no act, or of nobody whom we know.</summary>
    private static async Task<(string Act, string? Subject)?> ActOfAsync(HttpContext context)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)
            || context.User.Identity?.IsAuthenticated != true
            || context.GetEndpoint() is not RouteEndpoint endpoint
            || endpoint.Metadata.GetMetadata<StrictHeaders>() is null)
        {
            return null;
        }

        if (endpoint.Metadata.GetMetadata<PageActionDescriptor>() is not { } page)
        {
            var name = endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName;
            return (name ?? $"{request.Method} {endpoint.RoutePattern.RawText}", RouteSubject(context, endpoint));
        }

        var form = await FormAsync(request);
        var handler = WordOf(request.Query["handler"]) ?? WordOf(form["act"]);
        // Signing in writes its own entry, once it is known who comes.
        if (handler is null && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            return null;
        handler ??= "post";
        var what = $"{char.ToLowerInvariant(handler[0])}{handler[1..]}{page.ViewEnginePath.Trim('/')}";
        return (what, RouteSubject(context, endpoint) ?? FieldsSubject(request, form));
    }

    /// <summary>What its address names, such as <c>acme/1001</c> of an order.</summary>
    private static string? RouteSubject(HttpContext context, RouteEndpoint endpoint) => Joined(
        endpoint.RoutePattern.Parameters.Select(parameter => context.Request.RouteValues[parameter.Name]?.ToString()));

    private static string? FieldsSubject(HttpRequest request, IFormCollection form) => Joined(
        SubjectFields.Select(field => form.TryGetValue(field, out var value) ? value : request.Query[field])
            .Select(value => value.ToString()));

    private static string? Joined(IEnumerable<string?> parts)
    {
        var subject = string.Join('/', parts.Where(part => !string.IsNullOrWhiteSpace(part))
            .Select(part => part!.Trim().Replace("%2F", "/", StringComparison.OrdinalIgnoreCase)));
        // An address of a buyer that somebody typed into a field of ours has no place here.
        return subject.Length is 0 or > RequestReader.TextLengthMax || subject.AsSpan().ContainsAny('@', '\0')
            ? null : subject;
    }

    private static string? WordOf(string? text) =>
        text is { Length: > 0 and <= HandlerLengthMax } && text.All(char.IsAsciiLetter) ? text : null;

    /// <summary>The page reads it again, and says what is wrong with it.</summary>
    private static async Task<IFormCollection> FormAsync(HttpRequest request)
    {
        try
        {
            return request.HasFormContentType
                ? await request.ReadFormAsync(request.HttpContext.RequestAborted) : FormCollection.Empty;
        }
        catch (Exception exception) when (exception is InvalidDataException or BadHttpRequestException)
        {
            return FormCollection.Empty;
        }
    }
}
