using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace OrderGrains.Tests.Console;

/// <summary>Asks the API and reads what it says.</summary>
internal static class Json
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    public static async Task<JsonElement> ReadAsync(this HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, Ended);
        return await answer.ReadAsync(HttpStatusCode.OK);
    }

    public static Task<HttpResponseMessage> SendAsync(
        this HttpClient client, string method, string path, object? body = null) =>
        client.SendAsync(
            new HttpRequestMessage(new HttpMethod(method), path)
            {
                Content = body is null ? null : JsonContent.Create(body),
            },
            Ended);

    public static async Task<JsonElement> ReadAsync(this HttpResponseMessage answer, HttpStatusCode expected)
    {
        var text = await answer.Content.ReadAsStringAsync(Ended);
        Assert.True(expected == answer.StatusCode, $"{answer.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>An error as the contract has it; its detail.</summary>
    public static async Task<string> ProblemAsync(this HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        var problem = await answer.ReadAsync(status);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrEmpty(problem.GetProperty("title").GetString()));
        return problem.GetProperty("detail").GetString()!;
    }
}
