using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace OrderGrains.Console.Pages;

/// <summary>Opens and ends sessions.</summary>
[AllowAnonymous, EnableRateLimiting(LoginRateLimit.Name)]
internal sealed class LoginModel(
    ApiKeys keys, IOptions<ApiOptions> options, SessionKeeper sessions, ILogger<LoginModel> log) : PageModel
{
    public string? ReturnUrl { get; private set; }

    public string? Refusal { get; private set; }

    /// <summary>Whether an identity provider is configured.</summary>
    public bool HasProvider => options.Value.Login is not null;

    public string ProviderPath => ReturnUrl is null ? ProviderSignIn.Path
        : $"{ProviderSignIn.Path}?returnUrl={Uri.EscapeDataString(ReturnUrl)}";

    /// <summary>Why the provider's sign-in did not lead in.</summary>
    public string? ProviderRefusal { get; private set; }

    /// <summary>Where to go after the provider's sign-in.</summary>
    public string? Continue { get; private set; }

    /// <param name="returnUrl">The page that was asked for.</param>
    /// <param name="done">The provider's sign-in has just opened a session.</param>
    /// <param name="refused">Or why it did not.</param>
    public void OnGet(string? returnUrl, bool done, string? refused)
    {
        ReturnUrl = returnUrl;
        if (done)
        {
            // The session's cookie does not come along on a way that began at another site: this page begins a new one.
            Continue = LocalOf(returnUrl) ?? "/";
            Response.Headers["Refresh"] = $"0;url={Continue}";
        }
        else if (refused is not null)
        {
            ProviderRefusal = refused == ProviderSignIn.NoRole
                ? "You are known there, but have no role here. Ask whoever runs this installation for one."
                : "The sign-in there did not succeed. Try again; if it goes on, the logs say more.";
            Response.StatusCode = StatusCodes.Status403Forbidden;
        }
    }

    /// <summary>
    /// The address as a browser would understand it, of this site; null when it is of another. What is checked is what
    /// is used: dots in a path may leave two slashes at its beginning, which name a host (RFC 3986, section 5.2.4).
    /// </summary>
    private string? LocalOf(string? address) =>
        Url.IsLocalUrl(address) && !address.StartsWith('~')
        && new Uri($"http://here{address}").PathAndQuery is var target && Url.IsLocalUrl(target) ? target : null;

    public async Task<IActionResult> OnPostAsync(string? key, string? returnUrl)
    {
        ReturnUrl = returnUrl;
        var address = HttpContext.Connection.RemoteIpAddress?.ToString() ?? "unknown";
        if (keys.Find(key?.Trim() ?? "") is not { } found)
        {
            log.LoginRefused(address);
            Refusal = "This key is not known, or it has expired. Check that it is the whole secret, and a key of this "
                + "installation.";
            Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Page();
        }

        var session = new AuthenticationProperties { IsPersistent = false };
        sessions.NoteKey(found.Name);
        await HttpContext.SignInAsync(Access.CookieScheme, Access.PrincipalOf(found, Access.CookieScheme), session);
        log.LoggedIn(found.Name, found.Role.Word(), address);
        return LocalRedirect(LocalOf(returnUrl) ?? "/");
    }

    public async Task<IActionResult> OnPostSignOutAsync()
    {
        await HttpContext.SignOutAsync(Access.CookieScheme);
        return LocalRedirect(Console.SignIn.LoginPath);
    }
}
