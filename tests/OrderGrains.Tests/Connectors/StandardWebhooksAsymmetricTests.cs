using CsCheck;
using Microsoft.AspNetCore.Http;
using NSec.Cryptography;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;
using Xunit;

namespace OrderGrains.Tests.Connectors;

/// <summary><c>v1a</c>: ed25519 by a public key.</summary>
public sealed class StandardWebhooksAsymmetricTests
{
    // The key pair is that of RFC 8032, section 7.1, test 1; Node's own crypto signed the official vector's message.
    private const string PublicKey = "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    private const string Signature =
        "v1a,fldxM4gAKugP6nnt1hdz3sgGfZ6d99nzrMFnZOELIxbzEHoVmAb2ADpkJK7zgPePmPsle0zV9jSeGlHFG2NVAw==";

    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";

    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1614265330);
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);
    private static readonly byte[] Body = """{"test": 2432232314}"""u8.ToArray();

    [Fact]
    public void A_signature_that_Node_made_is_verified_by_its_public_key() =>
        Assert.Equal(new Verification.Authentic("", Id) { StatedAt = At }, Verify(Signature, PublicKey));

    [Fact]
    public void Secrets_and_public_keys_stand_side_by_side_while_a_sender_changes_over()
    {
        var symmetric = StandardWebhooks.Sign(Secret, Id, At, Body);

        Assert.IsType<Verification.Authentic>(Verify(symmetric, PublicKey, Secret));
        Assert.IsType<Verification.Authentic>(Verify(Signature, Secret, PublicKey));
        Assert.IsType<Verification.Authentic>(Verify($"v1,AAAA v2,x {symmetric} {Signature}", PublicKey));
        Assert.IsType<Verification.Authentic>(Verify($"{Signature} {symmetric}", Secret));
        Assert.Equal("webhook-signature matches no live secret", Deliveries.Rule(Verify(Signature, Secret)));
        Assert.Equal("webhook-signature matches no live secret", Deliveries.Rule(Verify(symmetric, PublicKey)));
    }

    [Fact]
    public void A_public_key_is_no_secret_that_could_sign()
    {
        Assert.Throws<ArgumentException>(() => StandardWebhooks.Sign(PublicKey, Id, At, Body));
        var bare = "whsec_" + PublicKey["whpk_".Length..];
        Assert.IsType<Verification.Forged>(Verify(StandardWebhooks.Sign(bare, Id, At, Body), PublicKey));
    }

    [Theory]
    [InlineData("whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", true)]
    [InlineData("whsk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", false)]
    [InlineData("11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", false)]
    [InlineData("whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcH", false)]
    [InlineData("whpk_", false)]
    [InlineData("whpk_?", false)]
    public void A_public_key_has_the_prefix_and_32_bytes(string key, bool isKey) =>
        Assert.Equal(isKey, StandardWebhooks.IsPublicKey(key));

    [Fact]
    public void Of_what_anybody_can_send_only_so_much_is_looked_at()
    {
        var four = string.Join(' ', Enumerable.Repeat("v1a," + new string('A', 86) + "==", 4));
        Assert.Equal("webhook-signature matches no live secret", Deliveries.Rule(Verify(four, PublicKey)));
        Assert.Equal(
            "webhook-signature holds more than 4 v1a signatures",
            Deliveries.Rule(Verify($"{four} {Signature}", PublicKey)));
    }

    [Fact]
    public void What_is_signed_is_verified_and_one_flipped_bit_is_not() =>
        Gen.Select(Gen.Byte.Array[1, 200], Gen.Int[0, 1599], Gen.Byte.Array[32, 32]).Sample((body, bit, seed) =>
        {
            using var key = Key.Import(SignatureAlgorithm.Ed25519, seed, KeyBlobFormat.RawPrivateKey);
            var pub = "whpk_" + Convert.ToBase64String(key.PublicKey.Export(KeyBlobFormat.RawPublicKey));
            var signature = "v1a," + Convert.ToBase64String(SignatureAlgorithm.Ed25519.Sign(
                key, [.. System.Text.Encoding.ASCII.GetBytes($"{Id}.{At.ToUnixTimeSeconds()}."), .. body]));
            var whole = StandardWebhooks.Verify([pub], Headers(signature), body, At, Tolerance);
            body[bit / 8 % body.Length] ^= (byte)(1 << (bit % 8));
            var flipped = StandardWebhooks.Verify([pub], Headers(signature), body, At, Tolerance);
            return whole is Verification.Authentic && flipped is Verification.Forged;
        }, iter: 100);

    private static HeaderDictionary Headers(string signature) => new()
    {
        ["webhook-id"] = Id,
        ["webhook-timestamp"] = "1614265330",
        ["webhook-signature"] = signature,
    };

    private static Verification Verify(string signature, params string[] secrets) =>
        StandardWebhooks.Verify(secrets, Headers(signature), Body, At, Tolerance);
}
