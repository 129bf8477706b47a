using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;

namespace OrderGrains.Console.Pages;

/// <summary>Opens and ends sessions.</summary>
[AllowAnonymous, EnableRateLimiting(LoginRateLimit.Name)]
internal sealed class LoginModel(ApiKeys keys, ILogger<LoginModel> log) : PageModel
{
    public string? ReturnUrl { get; private set; }

    public string? Refusal { get; private set; }

    public void OnGet(string? returnUrl) => ReturnUrl = returnUrl;

    public async Task<IActionResult> OnPostAsync(string? key, string? returnUrl)
    {
        ReturnUrl = returnUrl;
        var address = HttpContext.Connection.RemoteIpAddress?.ToString() ?? "unknown";
        if (keys.Find(key?.Trim() ?? "") is not { } found)
        {
            log.LoginRefused(address);
            Refusal = "This key is not known. Check that it is the whole secret, and a key of this installation.";
            Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Page();
        }

        var session = new AuthenticationProperties { IsPersistent = false };
        await HttpContext.SignInAsync(Access.CookieScheme, Access.PrincipalOf(found, Access.CookieScheme), session);
        log.LoggedIn(found.Name, found.Role.Word(), address);
        return LocalRedirect(Url.IsLocalUrl(returnUrl) ? returnUrl : "/");
    }

    public async Task<IActionResult> OnPostSignOutAsync()
    {
        await HttpContext.SignOutAsync(Access.CookieScheme);
        return LocalRedirect(Console.SignIn.LoginPath);
    }
}
