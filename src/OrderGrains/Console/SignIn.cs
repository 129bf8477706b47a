using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace OrderGrains.Console;

/// <summary>
/// Programs come with a bearer key or a token of the identity provider, people with a session cookie that such a key,
/// or the provider, opened.
/// </summary>
internal static class SignIn
{
    public const string LoginPath = "/login";
    private static readonly TimeSpan SessionTime = TimeSpan.FromHours(12);

    /// <param name="services">Where it is added.</param>
    /// <param name="login">The identity provider; null: there are keys alone.</param>
    public static void AddOperatorSignIn(this IServiceCollection services, LoginOptions? login)
    {
        var takesTokens = login?.Audience is { Length: > 0 };
        var authentication = services.AddAuthentication(Access.Scheme)
            .AddPolicyScheme(
                Access.Scheme, null, options => options.ForwardDefaultSelector = context => Pick(context, takesTokens))
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(Access.KeyScheme, null)
            .AddCookie(Access.CookieScheme, options =>
            {
                Harden(options.Cookie, "ordergrains-session");
                options.ExpireTimeSpan = SessionTime;
                options.SlidingExpiration = true;
                options.LoginPath = LoginPath;
                options.Events.OnSigningIn = context => Sessions(context.HttpContext).BeginAsync(context.Principal!);
                options.Events.OnSigningOut = context =>
                    Sessions(context.HttpContext).EndAsync(context.HttpContext.User);
                options.Events.OnValidatePrincipal = EndWithoutKeyAsync;
                options.Events.OnRedirectToLogin = ToLoginAsync;
                options.Events.OnRedirectToAccessDenied = ForbidAsync;
            });
        if (login is not null)
            authentication.AddProvider(login);
        services.AddAuthorizationBuilder()
            .AddPolicy(Access.Viewer, policy => policy.RequireRole(Access.Viewer, Access.Operator, Access.Admin))
            .AddPolicy(Access.Operator, policy => policy.RequireRole(Access.Operator, Access.Admin))
            .AddPolicy(Access.Admin, policy => policy.RequireRole(Access.Admin));
    }

    /// <summary>Out of reach of scripts and of other sites.</summary>
    public static void Harden(CookieBuilder cookie, string name)
    {
        cookie.Name = name;
        cookie.HttpOnly = true;
        cookie.SameSite = SameSiteMode.Strict;
        cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
    }

    /// <summary>The API never takes the cookie, so that no other site's form can call it.</summary>
    private static string Pick(HttpContext context, bool takesTokens)
    {
        string? header = context.Request.Headers.Authorization;
        if (header is not null)
            return takesTokens && IsToken(header) ? Access.TokenScheme : Access.KeyScheme;
        return context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
            ? Access.KeyScheme : Access.CookieScheme;
    }

    /// <summary>A signed JWT has three parts, of which the first is a JSON object in base64 (RFC 7515).</summary>
    private static bool IsToken(string header) =>
        header.StartsWith("Bearer eyJ", StringComparison.OrdinalIgnoreCase) && header.Count(c => c == '.') == 2;

    private static async Task EndWithoutKeyAsync(CookieValidatePrincipalContext context)
    {
        var services = context.HttpContext.RequestServices;
        var stamp = context.Principal?.FindFirst(Access.StampClaim)?.Value;
        if (stamp is not null && (services.GetRequiredService<ApiKeys>().IsCurrent(stamp)
                || services.GetRequiredService<IOptions<ApiOptions>>().Value.Login?.Stamp == stamp)
            && await Sessions(context.HttpContext).IsOpenAsync(context.Principal!))
            return;
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(Access.CookieScheme);
    }

    private static SessionKeeper Sessions(HttpContext context) =>
        context.RequestServices.GetRequiredService<SessionKeeper>();

    private static Task ToLoginAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        // Only a page can show a form; the live line must hear plainly that the session is over.
        if (context.Request.Path == LiveEndpoint.Path)
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        else
            context.Response.Redirect(context.RedirectUri);
        return Task.CompletedTask;
    }

    private static Task ForbidAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}
