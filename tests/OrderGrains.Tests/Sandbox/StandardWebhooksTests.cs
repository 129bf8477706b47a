using System.Text;
using OrderGrains.Sandbox;
using Xunit;

namespace OrderGrains.Tests.Sandbox;

public class StandardWebhooksTests
{
    // Source: standard-webhooks/standard-webhooks, the vector of its libraries' tests (Apache-2.0).
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const long Timestamp = 1614265330;
    private const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static readonly byte[] Payload = Encoding.UTF8.GetBytes("""{"test": 2432232314}""");

    [Fact]
    public void The_published_vector_is_signed_alike() =>
        Assert.Equal(Signature, StandardWebhooks.Sign(Secret, Id, Timestamp, Payload));

    [Theory]
    [InlineData(Signature, 0, true)]
    [InlineData("v1,AAAA " + Signature, 299, true)]
    [InlineData(Signature, 301, false)]
    [InlineData(Signature, -301, false)]
    [InlineData("v1,AAAA", 0, false)]
    [InlineData(null, 0, false)]
    public void Only_a_right_and_fresh_signature_passes(string? signatures, int secondsLater, bool passes)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(Timestamp + secondsLater);
        Assert.Equal(passes, StandardWebhooks.Verify(Secret, Id, $"{Timestamp}", signatures, Payload, now));
    }
}
