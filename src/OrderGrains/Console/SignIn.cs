using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace OrderGrains.Console;

/// <summary>Programs come with a bearer key, people with a session cookie that such a key opened.</summary>
internal static class SignIn
{
    public const string LoginPath = "/login";
    private static readonly TimeSpan SessionTime = TimeSpan.FromHours(12);

    public static void AddOperatorSignIn(this IServiceCollection services)
    {
        services.AddAuthentication(Access.Scheme)
            .AddPolicyScheme(Access.Scheme, null, options => options.ForwardDefaultSelector = Pick)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(Access.KeyScheme, null)
            .AddCookie(Access.CookieScheme, options =>
            {
                Harden(options.Cookie, "ordergrains-session");
                options.ExpireTimeSpan = SessionTime;
                options.SlidingExpiration = true;
                options.LoginPath = LoginPath;
                options.Events.OnValidatePrincipal = EndWithoutKeyAsync;
                options.Events.OnRedirectToLogin = ToLoginAsync;
                options.Events.OnRedirectToAccessDenied = ForbidAsync;
            });
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
    private static string Pick(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        || context.Request.Headers.Authorization.Count > 0
            ? Access.KeyScheme
            : Access.CookieScheme;

    private static async Task EndWithoutKeyAsync(CookieValidatePrincipalContext context)
    {
        var keys = context.HttpContext.RequestServices.GetRequiredService<ApiKeys>();
        if (keys.IsCurrent(context.Principal?.FindFirst(Access.StampClaim)?.Value))
            return;
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(Access.CookieScheme);
    }

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
