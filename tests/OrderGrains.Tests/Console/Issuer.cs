using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenIddict.Abstractions;
using Xunit;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace OrderGrains.Tests.Console;

/// <summary>
/// An identity provider on loopback, where everybody who comes is signed in already, as <see cref="User"/>.
/// </summary>
internal sealed class Issuer : IAsyncDisposable
{
    public const string ClientId = "ordergrains-console";
    public const string ClientSecret = "hunter2-of-the-console";
    public const string Audience = "ordergrains-api";

    private readonly WebApplication _app;

    private Issuer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddOpenIddict().AddServer(options =>
        {
            options.SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token");
            options.AllowAuthorizationCodeFlow().AllowClientCredentialsFlow().RequireProofKeyForCodeExchange();
            options.AddEphemeralEncryptionKey().AddEphemeralSigningKey().DisableAccessTokenEncryption();
            options.RegisterScopes("profile");
            options.EnableDegradedMode();
            options.UseAspNetCore().DisableTransportSecurityRequirement();
            options.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId)
                    context.Reject("unauthorized_client", "Who is that?");
                return default;
            }));
            options.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId || context.ClientSecret != ClientSecret)
                    context.Reject("invalid_client", "Who is that?");
                return default;
            }));
            options.AddEventHandler<HandleAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                context.Principal = PrincipalOf(context.Request.GetScopes());
                return default;
            }));
            options.AddEventHandler<HandleTokenRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.Request.IsClientCredentialsGrantType())
                    context.Principal = PrincipalOf(context.Request.GetScopes());
                return default;
            }));
        });
        _app = builder.Build();
        _app.UseAuthentication();
    }

    public Uri Address => new(_app.Urls.First());

    /// <summary>Who comes, and the values of the claim <c>role</c>.</summary>
    public (string Name, string[] Roles) User { get; set; } = ("ada", ["shop-operators"]);

    /// <summary>Who its access tokens are for.</summary>
    public string For { get; set; } = Audience;

    public static async Task<Issuer> StartAsync()
    {
        var issuer = new Issuer();
        await issuer._app.StartAsync(TestContext.Current.CancellationToken);
        return issuer;
    }

    /// <summary>An access token for a program.</summary>
    public async Task<string> TokenAsync()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = ClientId,
            ["client_secret"] = ClientSecret,
        });
        using var answer = await http.PostAsync(
            new Uri(Address, "/token"), form, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken))
            .GetProperty("access_token").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private ClaimsPrincipal PrincipalOf(IEnumerable<string> scopes)
    {
        var identity = new ClaimsIdentity("issuer", "preferred_username", "role");
        identity.AddClaim(new Claim("sub", $"sub-of-{User.Name}"));
        identity.AddClaim(new Claim("preferred_username", User.Name));
        foreach (var role in User.Roles)
            identity.AddClaim(new Claim("role", role));
        var principal = new ClaimsPrincipal(identity);
        principal.SetScopes(scopes);
        principal.SetResources(For);
        principal.SetDestinations(_ => ["access_token", "id_token"]);
        return principal;
    }
}
