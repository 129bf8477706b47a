using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Events;

/// <summary>What others' libraries sign, sources of each kind verify and understand.</summary>
public sealed class NodeSignerTests : IDisposable
{
    private const string Standard = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    // RFC 8032, section 7.1, test 1.
    private const string Seed = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
    private const string PublicKey = "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

    private static readonly Signer[] Signers =
    [
        new("standardwebhooks", Standard, $"\"Kind\":\"StandardWebhooks\",\"Secrets\":[\"{Standard}\"]",
            "order.placed:msg_1"),
        new("node", Seed, $"\"Kind\":\"StandardWebhooks\",\"Secrets\":[\"{PublicKey}\"]", "order.placed:msg_1"),
        new("cloudevents-binary", Standard, $"\"Kind\":\"CloudEvents\",\"Secrets\":[\"{Standard}\"]",
            "order.placed:https://shop.example/eu e-1 sha256:"),
        new("cloudevents-structured", Standard, $"\"Kind\":\"CloudEvents\",\"Secrets\":[\"{Standard}\"]",
            "order.placed:https://shop.example/eu e-1"),
        new("octokit", "hush", "\"Kind\":\"Hmac\",\"Scheme\":\"GitHub\",\"Secrets\":[\"hush\"]",
            "order.placed:sha256:"),
        new("stripe", "whsec_hush", "\"Kind\":\"Hmac\",\"Scheme\":\"Stripe\",\"Secrets\":[\"whsec_hush\"]",
            "order.placed:sha256:"),
    ];

    private readonly NodeFolder _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task What_libraries_of_others_sign_is_understood_and_nothing_else_is()
    {
        await _node.InstallAsync("tests/OrderGrains.Tests/Connectors/Events/npm");
        using var data = JsonDocument.Parse(OrderSample.Placed);
        var said = JsonDocument.Parse(await _node.RunAsync(
            "sign.mjs", JsonSerializer.Serialize(Signers.Select(signer => new
            {
                library = signer.Library,
                secret = signer.Secret,
                type = "order.placed",
                at = Deliveries.Now.ToUnixTimeSeconds(),
                data = data.RootElement,
            })))).RootElement;

        Assert.Equal(Signers.Length, said.GetArrayLength());
        foreach (var (signer, sent) in Signers.Zip(said.EnumerateArray()))
        {
            var source = Opened.Source(signer.Section);
            var headers = new HeaderDictionary();
            foreach (var header in sent.GetProperty("headers").EnumerateObject())
                headers[header.Name] = header.Value.GetString();
            var body = sent.GetProperty("body").GetString()!;

            var understood = Opened.Understood(source.Accept(headers, body));

            Assert.StartsWith(signer.Key, understood.EventKey, StringComparison.Ordinal);
            var stated = Assert.IsType<OrderStated>(understood.Change);
            Assert.Equal("A-1001", stated.Order.OrderId);
            Assert.Equal("Ada Marsh", stated.Snapshot.ShipTo?.Name);
            Assert.IsType<Verification.Forged>(
                source.Verify(headers, body.Replace("A-1001", "A-1002", StringComparison.Ordinal)));
            Assert.IsType<Verification.Forged>(
                Opened.Source(signer.Section.Replace(signer.Known, signer.Other, StringComparison.Ordinal))
                    .Verify(headers, body));
        }
    }

    /// <summary>A library, and the source that it sends to.</summary>
    private sealed record Signer(string Library, string Secret, string Section, string Key)
    {
        public string Known => Library == "node" ? PublicKey : Secret;

        public string Other => Library switch
        {
            // RFC 8032, section 7.1, test 2.
            "node" => "whpk_PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=",
            "octokit" or "stripe" => "another",
            _ => "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
        };
    }
}
