using System.Text.Json;
using OrderGrains.Connectors.Warehouses;

namespace OrderGrains.Connectors.Shopify.Admin;

/// <summary>
/// The token of each call: the one in the settings, or one that is asked for by client credentials and lasts for a day
/// (shopify.dev, "Using the client credentials grant"). It is asked for when it is needed, by one call at a time.
/// </summary>
internal sealed class AdminTokens(ShopifyShopOptions options, TimeProvider time)
{
    /// <summary>A token is renewed so long before it ends.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(5);

    private static readonly JsonSerializerOptions Snake = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    private readonly Lock _lock = new();
    private volatile Token? _token;

    /// <summary>The one call that asks, for all who need a token meanwhile.</summary>
    private Task<SendResult>? _asking;

    /// <summary>What no message for people may repeat, as of now.</summary>
    public IEnumerable<string> Secrets
    {
        get
        {
            if (options.AccessToken is { } fixedToken)
                yield return fixedToken;
            if (options.ClientSecret is { } secret)
                yield return secret;
            if (_token is { } token)
                yield return token.Text;
        }
    }

    /// <summary>A token, or why there is none.</summary>
    public async Task<(string? Token, SendResult? None)> GetAsync(
        HttpCalls http, Uri root, AttemptCalls calls, CancellationToken stopping)
    {
        if (!string.IsNullOrWhiteSpace(options.AccessToken))
            return (options.AccessToken, null);
        if (_token is { } known && known.RenewAt > time.GetUtcNow())
            return (known.Text, null);
        await calls.BeforeAsync();
        Task<SendResult> asking;
        lock (_lock)
        {
            if (_asking is null || _asking.IsCompleted)
                _asking = AskAsync(http, root);
            asking = _asking;
        }

        var result = await asking.WaitAsync(stopping);
        if (result is not SendResult.Delivered)
            return (null, result);
        return _token is { } token ? (token.Text, null)
            : (null, new SendResult.Again("the shop took its new token back at once"));
    }

    /// <summary>The shop does not take this token. False when there can be no other.</summary>
    public bool Renew(string refused)
    {
        if (!string.IsNullOrWhiteSpace(options.AccessToken))
            return false;
        // Whoever was refused together with others may find the new one here already.
        if (_token?.Text == refused)
            _token = null;
        return true;
    }

    private async Task<SendResult> AskAsync(HttpCalls http, Uri root)
    {
        var address = new Uri(root, "admin/oauth/access_token");
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new FormUrlEncodedContent(
            [
                new("grant_type", "client_credentials"), new("client_id", options.ClientId),
                new("client_secret", options.ClientSecret),
            ]),
        };
        request.Headers.UserAgent.Add(HttpCalls.UserAgent);
        return await http.SendAsync(request, MeaningAsync, default);

        async Task<SendResult> MeaningAsync(HttpResponseMessage response, CancellationToken bounded)
        {
            var status = (int)response.StatusCode;
            if (status is >= 300 and < 400)
                return http.NotFollowed(status, address, response.Headers.Location);
            if (status == 200)
                return Take(await response.Content.ReadAsByteArrayAsync(bounded));
            var told = (await WarehouseAnswerBody.ReadAsync(response.Content, bounded)).Detail;
            return status is 400 or 402 or 404 or 423
                ? new SendResult.Unauthorized(http.Words($"{status} no token for this ClientId. {told}"))
                : http.OfStatus(response, told, final: true);
        }
    }

    private SendResult Take(byte[] body)
    {
        try
        {
            if (JsonSerializer.Deserialize<TokenAnswer>(body, Snake) is { AccessToken.Length: > 0 } answer)
            {
                var lasts = TimeSpan.FromSeconds(answer.ExpiresIn ?? TimeSpan.SecondsPerDay);
                _token = new Token(
                    answer.AccessToken, time.GetUtcNow() + (lasts > 2 * Early ? lasts - Early : lasts / 2));
                return new SendResult.Delivered();
            }
        }
        catch (JsonException)
        {
            // A page, or what else answers in the shop's place.
        }

        // Nothing was written: whatever the message asks is still to be done.
        return new SendResult.Again("200 without an access token");
    }

    private sealed record Token(string Text, DateTimeOffset RenewAt);

    private sealed record TokenAnswer(string? AccessToken, double? ExpiresIn);
}
