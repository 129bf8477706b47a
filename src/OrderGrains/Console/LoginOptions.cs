using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;

namespace OrderGrains.Console;

/// <summary>
/// An identity provider (OpenID Connect) that says who people and programs are (section <c>Api:Login</c>). What they
/// may do is said here, by <see cref="Roles"/>.
/// </summary>
public sealed class LoginOptions
{
    /// <summary>The provider, as it names itself (its issuer): an https address; http only on loopback.</summary>
    [Required] public Uri? Authority { get; set; }

    /// <summary>What the provider knows the console by.</summary>
    [Required] public string ClientId { get; set; } = "";

    /// <summary>What the console proves itself by. Default: by PKCE alone.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>
    /// Programs may call the API with the provider's access tokens (JWT) that are for this. Default: only with keys.
    /// </summary>
    public string? Audience { get; set; }

    /// <summary>Asked for beside <c>openid</c>. Default: <c>profile</c>.</summary>
    public IList<string> Scopes { get; init; } = [];

    /// <summary>The claim, one or many, that says what somebody is. Default <c>roles</c>.</summary>
    [Required] public string RoleClaim { get; set; } = "roles";

    /// <summary>
    /// The claim that timelines and logs name somebody by; else <c>sub</c>. Default <c>preferred_username</c>.
    /// </summary>
    [Required] public string NameClaim { get; set; } = "preferred_username";

    /// <summary>
    /// Values of the claim, and the role that each gives. The highest counts; who has none is not let in.
    /// </summary>
    [MinLength(1)]
    public IDictionary<string, ApiRole> Roles { get; init; } =
        new Dictionary<string, ApiRole>(StringComparer.Ordinal);

    /// <summary>Ties sessions to these settings: they end when one changes that says who may do what.</summary>
    internal string Stamp => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n',
        Roles.OrderBy(role => role.Key, StringComparer.Ordinal).Select(role => $"{role.Key}={role.Value}")
            .Prepend($"{Authority} {ClientId} {RoleClaim} {NameClaim}")))).AsSpan(0, 16));

    /// <summary>The highest role that the claims give; null when they give none.</summary>
    internal ApiRole? RoleOf(ClaimsPrincipal user) => user.FindAll(RoleClaim)
        .Select(claim => Roles.TryGetValue(claim.Value, out var role) ? (ApiRole?)role : null).Max();

    internal string NameOf(ClaimsPrincipal user) =>
        (user.FindFirst(NameClaim) ?? user.FindFirst("sub"))?.Value ?? "unknown";
}
