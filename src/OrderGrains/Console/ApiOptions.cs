using System.ComponentModel.DataAnnotations;

namespace OrderGrains.Console;

/// <summary>Who may use the operator API and the console (CONTRACT section 1, <c>Api</c>).</summary>
public sealed class ApiOptions
{
    public IList<ApiKeyOptions> Keys { get; init; } = [];

    /// <summary>Sign-in by an identity provider, beside the keys. Default: none.</summary>
    public LoginOptions? Login { get; set; }

    /// <summary>How long the trail of acts and looks is kept. Default: 400 days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan TrailKept { get; set; } = TimeSpan.FromDays(400);
}

/// <summary>One key: a bearer token for programs, a login for people.</summary>
public sealed class ApiKeyOptions
{
    /// <summary>Who acts, in timelines and logs.</summary>
    [Required] public string Name { get; set; } = "";

    [Required] public ApiRole? Role { get; set; }

    /// <summary>At least 16 characters.</summary>
    [Required, MinLength(16)] public string Secret { get; set; } = "";

    /// <summary>From then on it opens nothing, and its sessions end. Default: never.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }
}

/// <summary>
/// Viewer reads with personal data masked, Operator acts, Admin configures; each includes the one before.
/// </summary>
public enum ApiRole
{
    Viewer,
    Operator,
    Admin,
}
