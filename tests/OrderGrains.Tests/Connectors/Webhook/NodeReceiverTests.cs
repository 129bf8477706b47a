using System.Text.Json;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Webhook;
using OrderGrains.Tests.Connectors.Warehouses;
using Xunit;

namespace OrderGrains.Tests.Connectors.Webhook;

/// <summary>The libraries that our subscribers are told to use verify what we send.</summary>
public sealed class NodeReceiverTests : IDisposable
{
    private const string Mismatch = "No matching signature found";

    private readonly NodeFolder _node = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task Standardwebhooks_and_svix_verify_what_we_send_and_nothing_else()
    {
        await _node.InstallAsync("tests/OrderGrains.Tests/Connectors/Webhook/npm");
        var plain = await SentAsync(EventFormat.StandardWebhooks);
        var cloud = await SentAsync(EventFormat.CloudEvents);
        var changed = plain with { Body = [.. plain.Body, (byte)' '] };
        const string unknown = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

        var said = await VerifyAsync(
        [
            .. from library in (string[])["standardwebhooks", "svix"]
               from one in ((ScriptedHandler.Request, string)[])
               [
                   (plain, Events.Secret), (plain, Events.NewSecret), (cloud, Events.Secret),
                   (cloud, Events.NewSecret), (changed, Events.Secret), (plain, unknown),
               ]
               select (library, one.Item2, one.Item1),
        ]);

        string[] each = ["verified", "verified", "verified", "verified", Mismatch, Mismatch];
        Assert.Equal([.. each, .. each], said, StringComparer.Ordinal);
    }

    /// <summary>The libraries look at the clock.</summary>
    private static async Task<ScriptedHandler.Request> SentAsync(EventFormat format)
    {
        using var peer = ScriptedHandler.Answering(200);
        using var http = new HttpClient(peer);
        Assert.Equal(
            new SendResult.Delivered(),
            await Events.To(http, TimeProvider.System, format)
                .SendAsync(Events.Delivery(Events.Shipped with { ShipTo = Events.Ada }), Cancelled));
        return Assert.Single(peer.Requests);
    }

    private async Task<string[]> VerifyAsync(
        IEnumerable<(string Library, string Secret, ScriptedHandler.Request Request)> requests)
    {
        var said = await _node.RunAsync("verify.cjs", JsonSerializer.Serialize(requests.Select(one => new
        {
            library = one.Library,
            secret = one.Secret,
            headers = one.Request.Headers,
            body = one.Request.Body,
        })));
        return said.Split('\n');
    }
}
