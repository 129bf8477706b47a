using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Xunit;

namespace OrderGrains.Tests.Console;

/// <summary>
/// A person's browser, without a screen: keeps cookies, follows nothing, posts forms with their token.
/// </summary>
internal sealed partial class Browser : IDisposable
{
    private readonly HttpClient _client;

    public Browser(Uri address)
    {
        _client = new HttpClient(new HttpClientHandler { CookieContainer = Cookies, AllowAutoRedirect = false })
        {
            BaseAddress = address,
        };
        _client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
    }

    public CookieContainer Cookies { get; } = new();

    public Task<HttpResponseMessage> GetAsync(string path) =>
        _client.GetAsync(path, TestContext.Current.CancellationToken);

    public async Task<string> TextAsync(string path)
    {
        using var answer = await GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    public async Task<HttpResponseMessage> SignInAsync(string secret) => await PostAsync("/login", [("key", secret)]);

    /// <summary>Posts as the form on <paramref name="formPath"/> would; on the path itself when that is null.</summary>
    public async Task<HttpResponseMessage> PostAsync(
        string path, IEnumerable<(string Name, string Value)> fields, string? formPath = null)
    {
        var page = await TextAsync(formPath ?? path);
        var token = TokenPattern().Match(page).Groups["token"].Value;
        return await PostWithoutTokenAsync(path, fields.Append(("__RequestVerificationToken", token)));
    }

    public Task<HttpResponseMessage> PostWithoutTokenAsync(string path, IEnumerable<(string Name, string Value)> fields)
    {
        var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return _client.PostAsync(path, form, TestContext.Current.CancellationToken);
    }

    public Task<Stream> StreamAsync(string path) => _client.GetStreamAsync(path, TestContext.Current.CancellationToken);

    public void Dispose() => _client.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\" type=\"hidden\" value=\"(?<token>[^\"]+)\"",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex TokenPattern();
}
