using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using OpenIdTokenValidated = Microsoft.AspNetCore.Authentication.OpenIdConnect.TokenValidatedContext;

namespace OrderGrains.Console;

/// <summary>
/// Sign-in by an identity provider: people by the authorization code flow with PKCE, which opens a session as a key
/// does; programs by its access tokens.
/// </summary>
internal static class ProviderSignIn
{
    /// <summary>Begins it, for a page to come back to.</summary>
    public const string Path = "/login/provider";

    private const string CallbackPath = "/login/callback";

    /// <summary>What a refusal is called in the address of the login page.</summary>
    public const string NoRole = "role", Failed = "provider";

    /// <summary>The provider is asked again after this: a role that it took away is gone then at the latest.</summary>
    private static readonly TimeSpan SessionMax = TimeSpan.FromHours(12);

    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    public static AuthenticationBuilder AddProvider(this AuthenticationBuilder authentication, LoginOptions login)
    {
        var (authority, stamp) = (login.Authority!.OriginalString, login.Stamp);
        authentication.AddOpenIdConnect(Access.ProviderScheme, options =>
        {
            options.Authority = authority;
            options.RequireHttpsMetadata = !login.Authority.IsLoopback;
            (options.ClientId, options.ClientSecret) = (login.ClientId, login.ClientSecret);
            options.ResponseType = OpenIdConnectResponseType.Code;
            // By GET, so that the cookies of the attempt come along without being open to other sites' posts.
            options.ResponseMode = OpenIdConnectResponseMode.Query;
            options.UsePkce = true;
            options.MapInboundClaims = false;
            options.CallbackPath = CallbackPath;
            options.SignInScheme = Access.CookieScheme;
            options.TokenValidationParameters.ClockSkew = ClockSkew;
            Attempt(options.CorrelationCookie, "ordergrains-login.");
            Attempt(options.NonceCookie, "ordergrains-nonce.");
            options.Scope.Clear();
            foreach (var scope in login.Scopes.DefaultIfEmpty("profile").Prepend("openid"))
                options.Scope.Add(scope);
            options.Events.OnTokenValidated = context =>
            {
                LetIn(context, login, stamp);
                return Task.CompletedTask;
            };
            options.Events.OnRemoteFailure = context =>
            {
                Log(context.HttpContext).ProviderFailed(context.Failure?.GetType().Name ?? "unknown");
                Refuse(context, Failed);
                return Task.CompletedTask;
            };
        });
        if (login.Audience is { Length: > 0 } audience)
        {
            authentication.AddJwtBearer(Access.TokenScheme, options =>
            {
                options.Authority = authority;
                options.RequireHttpsMetadata = !login.Authority.IsLoopback;
                options.Audience = audience;
                options.MapInboundClaims = false;
                options.TokenValidationParameters.ClockSkew = ClockSkew;
                options.Events = new JwtBearerEvents
                {
                    OnTokenValidated = context =>
                    {
                        // Without a role it is known who calls, and nothing is allowed.
                        context.Principal = Access.PrincipalOf(
                            login.NameOf(context.Principal!), login.RoleOf(context.Principal!), stamp,
                            Access.TokenScheme);
                        return Task.CompletedTask;
                    },
                };
            });
        }

        return authentication;
    }

    /// <summary>Sends a person to the provider, and back to the login page, which leads on.</summary>
    public static async Task BeginAsync(HttpContext context, string? returnUrl)
    {
        try
        {
            await context.ChallengeAsync(Access.ProviderScheme, new AuthenticationProperties
            {
                RedirectUri = $"{SignIn.LoginPath}?done=true&returnUrl={Uri.EscapeDataString(returnUrl ?? "/")}",
            });
        }
        catch (Exception exception) when (exception is InvalidOperationException or HttpRequestException or IOException)
        {
            Log(context).ProviderFailed(exception.GetType().Name);
            context.Response.Redirect(Refused(Failed));
        }
    }

    private static void LetIn(OpenIdTokenValidated context, LoginOptions login, string stamp)
    {
        var (user, log) = (context.Principal!, Log(context.HttpContext));
        var name = login.NameOf(user);
        var address = context.HttpContext.Connection.RemoteIpAddress?.ToString() ?? "unknown";
        if (login.RoleOf(user) is not { } role)
        {
            log.LoginWithoutRole(name, address);
            Refuse(context, NoRole);
            return;
        }

        context.Principal = Access.PrincipalOf(name, role, stamp, Access.CookieScheme);
        context.Properties!.IsPersistent = false;
        context.Properties.AllowRefresh = false;
        context.Properties.ExpiresUtc = context.Options.TimeProvider!.GetUtcNow() + SessionMax;
        log.LoggedIn(name, role.Word(), address);
    }

    private static void Refuse<T>(HandleRequestContext<T> context, string why) where T : AuthenticationSchemeOptions
    {
        context.Response.Redirect(Refused(why));
        context.HandleResponse();
    }

    private static string Refused(string why) => $"{SignIn.LoginPath}?refused={why}";

    /// <summary>They must come along when the provider leads back here: not as strict as the session's.</summary>
    private static void Attempt(CookieBuilder cookie, string name)
    {
        SignIn.Harden(cookie, name);
        cookie.SameSite = SameSiteMode.Lax;
    }

    private static ILogger Log(HttpContext context) =>
        context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("OrderGrains.Console");
}
