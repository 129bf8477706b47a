using System.Security.Claims;

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

    /// <summary>Ties a session to the key that opened it: it ends when the key goes.</summary>
    internal const string StampClaim = "stamp";

    internal static bool MayOperate(this ClaimsPrincipal user) => user.IsInRole(Operator) || user.IsInRole(Admin);

    /// <summary>The key's name, for timelines and logs.</summary>
    internal static string Actor(this ClaimsPrincipal user) => user.Identity?.Name ?? "unknown";

    internal static ClaimsPrincipal PrincipalOf(ApiKey key, string scheme) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.Name, key.Name),
            new Claim(ClaimTypes.Role, key.Role.ToString()),
            new Claim(StampClaim, key.Stamp),
        ],
        scheme));
}
