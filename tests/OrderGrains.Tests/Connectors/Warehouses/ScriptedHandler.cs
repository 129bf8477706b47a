using System.Net;
using System.Text;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Connectors.Warehouses;

/// <summary>A warehouse at the other end of an HttpClient: keeps what it was asked and answers as told.</summary>
internal sealed class ScriptedHandler(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer)
    : HttpMessageHandler
{
    /// <summary>What a release asks for, where it does not matter.</summary>
    public static ReleaseRequest Take { get; } = new()
    {
        Reference = "acme-1-1",
        Source = "acme",
        OrderId = "1",
        OrderNumber = "#1",
        Location = "east",
        PlacedAt = Deliveries.Now,
        Lines = [new ReleaseRequestLine("1", "MUG", 1)],
    };

    public List<Request> Requests { get; } = [];

    public static ScriptedHandler Answering(int status, string? body = null, string? retryAfter = null) =>
        new((_, _) =>
        {
            var response = new HttpResponseMessage((HttpStatusCode)status);
            if (body is not null)
                response.Content = new StringContent(body, Encoding.UTF8, "application/json");
            if (retryAfter is not null)
                response.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
            return Task.FromResult(response);
        });

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var headers = request.Headers.ToDictionary(
            header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase);
        if (request.Content?.Headers.ContentType is { } type)
            headers["Content-Type"] = type.ToString();
        Requests.Add(new Request(request.Method, request.RequestUri!.AbsoluteUri, body, headers));
        return await answer(request, cancellationToken);
    }

    public sealed record Request(HttpMethod Method, string Url, byte[] Body, Dictionary<string, string> Headers);
}
