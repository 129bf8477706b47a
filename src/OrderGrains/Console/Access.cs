using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace OrderGrains.Console;

/// <summary>Authorization policies by name; each includes the ones above it.</summary>
public static class Access
{
    /// <summary>Reads, with personal data masked.</summary>
    public const string Viewer = nameof(ApiRole.Viewer);

    /// <summary>Reads everything and acts.</summary>
    public const string Operator = nameof(ApiRole.Operator);

    /// <summary>Configures.</summary>
    public const string Admin = nameof(ApiRole.Admin);

    /// <summary>Picks the key for programs and the cookie for people.</summary>
    internal const string Scheme = "OrderGrains";

    internal const string KeyScheme = "Key";
    internal const string CookieScheme = "Cookie";
    internal const string ProviderScheme = "Provider";
    internal const string TokenScheme = "Token";

    /// <summary>Ties a session to the key, or the provider, that opened it: it ends when that goes.</summary>
    internal const string StampClaim = "stamp";

    /// <summary>Names a session of the console: it ends when its row does.</summary>
    internal const string SessionClaim = "session";

    internal static bool MayOperate(this ClaimsPrincipal user) => user.IsAtLeast(ApiRole.Operator);

    /// <summary>Each role includes those below.</summary>
    internal static bool IsAtLeast(this ClaimsPrincipal user, ApiRole least) =>
        Enum.GetValues<ApiRole>().Any(role => role >= least && user.IsInRole(role.ToString()));

    /// <summary>The least role that an endpoint asks for; null when it asks for none.</summary>
    internal static ApiRole? RoleOf(IEnumerable<object> metadata) => metadata.OfType<IAuthorizeData>()
        .Select(rule => Enum.TryParse<ApiRole>(rule.Policy, out var role) ? role : (ApiRole?)null).Max();

    /// <summary>What they came with, for the trail.</summary>
    internal static string Means(this ClaimsPrincipal user) => user.Identity?.AuthenticationType switch
    {
        CookieScheme => "session",
        TokenScheme => "token",
        _ => "key",
    };

    /// <summary>The key's or the person's name, for timelines and logs.</summary>
    internal static string Actor(this ClaimsPrincipal user) => user.Identity?.Name ?? "unknown";

    internal static ClaimsPrincipal PrincipalOf(ApiKey key, string scheme) =>
        PrincipalOf(key.Name, key.Role, key.Stamp, scheme);

    /// <param name="name">Who it is.</param>
    /// <param name="role">What they may do; null: nothing.</param>
    /// <param name="stamp">Of what proved it.</param>
    /// <param name="scheme">How they came.</param>
    internal static ClaimsPrincipal PrincipalOf(string name, ApiRole? role, string stamp, string scheme)
    {
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.Name, name), new Claim(StampClaim, stamp)], scheme);
        if (role is { } known)
            identity.AddClaim(new Claim(ClaimTypes.Role, known.ToString()));
        return new ClaimsPrincipal(identity);
    }
}
