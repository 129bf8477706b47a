using System.ComponentModel.DataAnnotations;

namespace OrderGrains.Connectors.Proofs;

/// <summary>How a sender proves itself.</summary>
public sealed class SchemeOptions
{
    /// <summary>
    /// A name for the rest of the description; what the section says beside it counts. Default: the kind's own.
    /// </summary>
    public Scheme? Scheme { get; set; }
}

/// <summary>Descriptions that have a name.</summary>
public enum Scheme
{
    /// <summary>As the section describes it.</summary>
    Hmac,
    StandardWebhooks,
    Stripe,
    GitHub,
    Square,
    Squarespace,
    Fourthwall,

    /// <summary>A user and a password; nothing is signed.</summary>
    Basic,

    /// <summary>A token; nothing is signed.</summary>
    Bearer,
}

/// <summary>The description of a sender's proof. A <see cref="Scheme"/> fills it.</summary>
public class ProofOptions
{
    /// <summary>Every secret that is live now, newest first: a proof by any of them is authentic.</summary>
    [MinLength(1)] public IList<string> Secrets { get; init; } = [];

    /// <summary>How secrets are written. Default: they are the text itself.</summary>
    public SecretEncoding SecretEncoding { get; set; }

    /// <summary>The header that holds the signature, or several.</summary>
    [Required] public string? Header { get; set; }

    /// <summary>The hash of the HMAC. Default SHA-256.</summary>
    public SignatureDigest Digest { get; set; } = SignatureDigest.Sha256;

    /// <summary>How a signature is written. Default: hexadecimal, in either case.</summary>
    public SignatureEncoding Encoding { get; set; }

    /// <summary>What stands before each signature, such as <c>sha256=</c>. Default: nothing.</summary>
    public string? Prefix { get; set; }

    /// <summary>What stands between the parts of the header. Default: it is one signature.</summary>
    public string? Separator { get; set; }

    /// <summary>
    /// What is signed: text with <c>{body}</c> and, as the sender has it, <c>{timestamp}</c>, <c>{method}</c>,
    /// <c>{path}</c>, <c>{target}</c> (path and query), <c>{url}</c> and <c>{header:Name}</c>. Default: the body.
    /// </summary>
    [Required] public string Content { get; set; } = "{body}";

    /// <summary>The header of the timestamp. Default: there is none.</summary>
    public string? TimestampHeader { get; set; }

    /// <summary>
    /// What stands before the timestamp among the parts of <see cref="Header"/>. Default: it is not there.
    /// </summary>
    public string? TimestampPrefix { get; set; }

    /// <summary>How far a signed timestamp may lie from now, either way. Default 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan TimestampTolerance { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The address that the sender posts to, as it is written there: proxies change what we see.</summary>
    public string? Url { get; set; }

    /// <summary>Lets a sender in that signs nothing, from wherever it comes. Default: no.</summary>
    public bool AllowUnsigned { get; set; }
}

/// <summary>Settings of a source of kind <c>Hmac</c>: the proof, and where the type of an event stands.</summary>
public sealed class HmacOptions : ProofOptions
{
    /// <summary>The header that names the type of an event. Default: the body does.</summary>
    public string? TopicHeader { get; set; }

    /// <summary>The field of the body that does, with full stops between names. Default <c>type</c>.</summary>
    [Required] public string TopicField { get; set; } = "type";
}

/// <summary>What a section says of its networks; whoever admits senders reads the same.</summary>
public sealed class NetworksOptions
{
    public IList<string> AllowedNetworks { get; init; } = [];
}

/// <summary>Hashes.</summary>
public enum SignatureDigest
{
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

/// <summary>How a signature is written.</summary>
public enum SignatureEncoding
{
    Hex,
    Base64,
    Base64Url,
}

/// <summary>How a secret is written.</summary>
public enum SecretEncoding
{
    Text,
    Hex,
    Base64,
}
