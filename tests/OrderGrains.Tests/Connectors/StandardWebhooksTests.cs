using CsCheck;
using Microsoft.AspNetCore.Http;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;
using Xunit;

namespace OrderGrains.Tests.Connectors;

public sealed class StandardWebhooksTests
{
    // The signature vector of the specification's reference implementations (standard-webhooks/standard-webhooks,
    // Apache-2.0).
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private const string OtherSecret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1614265330);
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);
    private static readonly byte[] Body = """{"test": 2432232314}"""u8.ToArray();

    [Fact]
    public void The_official_vector_is_signed_and_verified()
    {
        Assert.Equal(Signature, StandardWebhooks.Sign(Secret, Id, At, Body));
        Assert.Equal(new Verification.Authentic("", Id) { StatedAt = At }, Verify());
    }

    [Fact]
    public void The_body_is_signed_as_bytes_and_not_as_text()
    {
        byte[] body = [0xFF, 0x00, 0xFE];
        var headers = Deliveries.SignedByStandard(Secret, body, At);

        Assert.IsType<Verification.Authentic>(
            StandardWebhooks.Verify([Secret], headers, body, At, Tolerance));
        Assert.IsType<Verification.Forged>(
            StandardWebhooks.Verify([Secret], headers, [0xFD, 0x00, 0xFE], At, Tolerance));
    }

    [Fact]
    public void Any_live_secret_and_any_signature_of_the_list_will_do()
    {
        Assert.IsType<Verification.Authentic>(Verify(secrets: [OtherSecret, Secret]));
        var other = StandardWebhooks.Sign(OtherSecret, Id, At, Body);
        Assert.IsType<Verification.Authentic>(Verify(signature: $"v1a,AAAA {other} nonsense {Signature}"));
        Assert.Equal("webhook-signature matches no live secret", Deliveries.Rule(Verify(signature: other)));
    }

    [Theory]
    [InlineData(300, true)]
    [InlineData(-300, true)]
    [InlineData(301, false)]
    [InlineData(-301, false)]
    public void The_timestamp_may_lie_as_far_as_the_tolerance_either_way(int seconds, bool authentic) =>
        Assert.Equal(authentic, Verify(now: At.AddSeconds(seconds)) is Verification.Authentic);

    [Theory]
    [InlineData("webhook-id", null, "webhook-id is missing")]
    [InlineData("webhook-id", "msg.1", "webhook-id must not hold a full stop")]
    [InlineData("webhook-id", "msg 1", "webhook-id must be visible ASCII")]
    [InlineData("webhook-timestamp", null, "webhook-timestamp is missing")]
    [InlineData("webhook-timestamp", "1614265330.5", "webhook-timestamp must be whole seconds since 1970")]
    [InlineData("webhook-timestamp", "-1614265330", "webhook-timestamp must be whole seconds since 1970")]
    [InlineData("webhook-timestamp", "999999999999", "webhook-timestamp must be whole seconds since 1970")]
    [InlineData("webhook-timestamp", "1614265029", "webhook-timestamp is older than the tolerance of 300 s")]
    [InlineData("webhook-timestamp", "1614265631", "webhook-timestamp is ahead by more than the tolerance of 300 s")]
    [InlineData("webhook-signature", null, "webhook-signature is missing")]
    [InlineData("webhook-signature", "v1", "webhook-signature holds no v1 or v1a signature")]
    [InlineData("webhook-signature", "v1,AAAA v2,AAAA", "webhook-signature holds no v1 or v1a signature")]
    public void A_malformed_header_is_named_with_its_rule(string header, string? value, string rule)
    {
        var headers = Headers();
        headers[header] = value;

        Assert.Equal(rule, Assert.IsType<Verification.Forged>(Verify(headers)).Rule);
    }

    [Fact]
    public void A_header_given_twice_is_forged_and_so_are_too_many_signatures()
    {
        var headers = Headers();
        headers["webhook-id"] = new([Id, "msg_2"]);
        Assert.Equal("webhook-id is given more than once", Deliveries.Rule(Verify(headers)));

        var many = string.Join(' ', Enumerable.Repeat(Signature, 17));
        Assert.Equal(
            "webhook-signature holds more than 16 v1 signatures", Deliveries.Rule(Verify(signature: many)));
    }

    [Theory]
    [InlineData("whsec_")]
    [InlineData("")]
    [InlineData("whsec_not base64!")]
    public void A_secret_without_a_key_signs_nothing_and_admits_nobody(string secret)
    {
        var error = Assert.Throws<ArgumentException>(() => StandardWebhooks.Sign(secret, Id, At, Body));
        Assert.DoesNotContain("not base64!", error.Message, StringComparison.Ordinal);
        Assert.IsType<Verification.Forged>(Verify(secrets: [secret]));
    }

    [Fact]
    public void A_secret_has_the_prefix_and_24_to_64_bytes()
    {
        Assert.True(StandardWebhooks.IsSecret(Secret));
        Assert.False(StandardWebhooks.IsSecret(Secret["whsec_".Length..]));
        Assert.False(StandardWebhooks.IsSecret("whsec_" + Convert.ToBase64String(new byte[23])));
        Assert.False(StandardWebhooks.IsSecret("whsec_" + Convert.ToBase64String(new byte[65])));
    }

    [Fact]
    public void What_is_signed_is_verified_and_one_flipped_bit_is_not() =>
        Gen.Select(Gen.Byte.Array[1, 200], Gen.Int[0, 1599], Gen.Byte.Array[24, 64]).Sample((body, bit, key) =>
        {
            var secret = "whsec_" + Convert.ToBase64String(key);
            var headers = Deliveries.SignedByStandard(secret, body, At);
            var whole = StandardWebhooks.Verify([secret], headers, body, At, Tolerance);
            body[bit / 8 % body.Length] ^= (byte)(1 << (bit % 8));
            var flipped = StandardWebhooks.Verify([secret], headers, body, At, Tolerance);
            return whole is Verification.Authentic && flipped is Verification.Forged;
        });

    [Fact]
    public void No_header_text_makes_it_throw() =>
        Gen.Select(Gen.String, Gen.String, Gen.String).Sample((id, timestamp, signature) =>
        {
            var headers = new HeaderDictionary
            {
                ["webhook-id"] = id,
                ["webhook-timestamp"] = timestamp,
                ["webhook-signature"] = signature,
            };
            return Verify(headers) is Verification.Forged;
        });

    private static HeaderDictionary Headers(string signature = Signature) => new()
    {
        ["webhook-id"] = Id,
        ["webhook-timestamp"] = "1614265330",
        ["webhook-signature"] = signature,
    };

    private static Verification Verify(
        HeaderDictionary? headers = null,
        string signature = Signature,
        string[]? secrets = null,
        DateTimeOffset? now = null) =>
        StandardWebhooks.Verify(secrets ?? [Secret], headers ?? Headers(signature), Body, now ?? At, Tolerance);
}
