using OrderGrains.Tests.Connectors.Events;
using Xunit;

namespace OrderGrains.Tests.Connectors.Proofs;

/// <summary>What is wrong with a description is said at the start, with its path.</summary>
public sealed class ProofSettingsTests
{
    private const string Hmac = "\"Kind\":\"Hmac\",\"Secrets\":[\"hush\"]";
    private const string Unsigned = " signs nothing, so whoever sees one request can send any other: name "
        + "AllowedNetworks, or set AllowUnsigned to true";

    [Theory]
    [InlineData(Hmac, "Header: is missing")]
    [InlineData("\"Kind\":\"Hmac\",\"Header\":\"X\"", "Secrets: must have at least 1 entries")]
    [InlineData("\"Kind\":\"Hmac\",\"Header\":\"X\",\"Secrets\":[\" \"]", "Secrets:0: is empty")]
    [InlineData(Hmac + ",\"Header\":\"X\",\"Content\":\"{timestamp}\"",
        "Content: must have {body}: else any body would do",
        "Content: has {timestamp}: name its TimestampHeader or its TimestampPrefix")]
    [InlineData(Hmac + ",\"Header\":\"X\",\"Content\":\"{body}{nonce}\"", "Content: has an unknown name at character "
        + "7; known are {body}, {timestamp}, {method}, {path}, {target}, {url} and {header:Name}")]
    [InlineData(Hmac + ",\"Header\":\"X\",\"Content\":\"{header:}{body}\"", "Content: has an unknown name at character "
        + "1; known are {body}, {timestamp}, {method}, {path}, {target}, {url} and {header:Name}")]
    [InlineData(Hmac + ",\"Header\":\"X\",\"Content\":\"{body}{\"", "Content: has a brace that is not closed")]
    [InlineData(Hmac + ",\"Header\":\"X\",\"TimestampHeader\":\"X-At\"",
        "Content: must have {timestamp}: one that is not signed proves nothing")]
    [InlineData(Hmac + ",\"Scheme\":\"Stripe\",\"TimestampHeader\":\"X-At\"",
        "TimestampHeader: stands beside TimestampPrefix: only one of them can be")]
    [InlineData(Hmac + ",\"Scheme\":\"Stripe\",\"Separator\":\"\"",
        "TimestampPrefix: needs Separator: the timestamp stands beside the signatures")]
    [InlineData(Hmac + ",\"Scheme\":\"Square\"", "Url: is missing: Content has {url}")]
    [InlineData(Hmac + ",\"Scheme\":\"Squarespace\"", "Secrets:0: must be written as SecretEncoding says (Hex)")]
    [InlineData(Hmac + ",\"Scheme\":\"Slack\"", "Header: is missing",
        "Scheme: must be one of Hmac, StandardWebhooks, Stripe, GitHub, Square, Squarespace, "
        + "Fourthwall, Basic, Bearer in this version")]
    [InlineData(Hmac + ",\"Header\":\"X\",\"Digest\":\"Md5\"",
        "Digest: must be one of Sha1, Sha256, Sha384, Sha512 in this version")]
    [InlineData(Hmac + ",\"Header\":\"X\",\"TimestampTolerance\":\"02:00:00\"",
        "TimestampTolerance: must be between 00:00:01 and 01:00:00")]
    [InlineData(Hmac + ",\"Header\":\"X Y\",\"TopicHeader\":\"X:\",\"Content\":\"{timestamp}{header:a b}{body}\","
        + "\"TimestampHeader\":\"é\"", "Header: is no name of a header", "TopicHeader: is no name of a header",
        "TimestampHeader: is no name of a header", "Content: has an unknown name at character 12; known are {body}, "
        + "{timestamp}, {method}, {path}, {target}, {url} and {header:Name}")]
    [InlineData(Hmac + ",\"Scheme\":\"Square\",\"Url\":\"shop.example\"", "Url: must begin with https:// or http://")]
    [InlineData("\"Kind\":\"Hmac\",\"Scheme\":\"Basic\",\"Secrets\":[\":hush\"],\"AllowUnsigned\":true",
        "Secrets:0: must be user:password")]
    [InlineData(Hmac + ",\"Scheme\":\"Bearer\"", "Scheme: Bearer" + Unsigned)]
    [InlineData("\"Kind\":\"Hmac\",\"Scheme\":\"Basic\",\"Secrets\":[\"hush\"]", "Scheme: Basic" + Unsigned,
        "Secrets:0: must be user:password")]
    [InlineData("\"Kind\":\"CloudEvents\",\"Secrets\":[\"hush\"]", "Secrets:0: must be whsec_ and 24 to 64 bytes in "
        + "base64, or whpk_ and an ed25519 public key in base64 (Standard Webhooks)")]
    [InlineData("\"Kind\":\"StandardWebhooks\",\"Secrets\":[\"hush\"]", "Secrets:0: must be whsec_ and 24 to 64 bytes "
        + "in base64, or whpk_ and an ed25519 public key in base64 (Standard Webhooks)")]
    [InlineData("\"Kind\":\"StandardWebhooks\"", "Secrets: must have at least 1 entries")]
    public void A_mistake_is_named(string section, params string[] mistakes) => Assert.Equal(
        mistakes.Select(mistake => $"Sources:shop:{mistake}").Order(StringComparer.Ordinal),
        Opened.Mistakes(section).Order(StringComparer.Ordinal), StringComparer.Ordinal);

    [Fact]
    public void What_a_CloudEvent_says_itself_is_no_setting_of_its_kind() => Assert.StartsWith(
        "Sources:shop:TopicHeader: there is no such setting; known here: Kind, Scheme, Secrets,",
        Assert.Single(Opened.Mistakes(
            "\"Kind\":\"CloudEvents\",\"Secrets\":[\"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"],\"TopicHeader\":\"X\"")),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("\"AllowUnsigned\":true")]
    [InlineData("\"AllowedNetworks\":[\"203.0.113.0/24\"]")]
    public void A_sender_that_cannot_sign_is_let_in_when_that_is_meant(string setting)
    {
        Assert.NotNull(Opened.Source($"{Hmac},\"Scheme\":\"Bearer\",{setting}"));
        Assert.NotNull(Opened.Source($"\"Kind\":\"Hmac\",\"Scheme\":\"Basic\",\"Secrets\":[\"a:b\"],{setting}"));
    }

    [Fact]
    public void What_the_section_says_beside_a_schemes_name_counts() => Assert.NotNull(
        Opened.Source($"{Hmac},\"Scheme\":\"GitHub\",\"Header\":\"X-Gitea-Signature\",\"Prefix\":\"\""));
}
