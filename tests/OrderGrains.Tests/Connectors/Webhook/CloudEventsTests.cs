using System.Net;
using System.Text.Json;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.Extensions;
using CloudNative.CloudEvents.Http;
using CloudNative.CloudEvents.SystemTextJson;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Webhook;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;
using Xunit;

namespace OrderGrains.Tests.Connectors.Webhook;

/// <summary>The library of CloudEvents' own project reads what we write, off the wire.</summary>
public sealed class CloudEventsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("acme/1042", "acme/1042")]
    [InlineData("Köln/\"Größe 38\" 100% %41", "Köln/\"Größe 38\" 100% %41")]
    [InlineData("東京/🧦 = ~!'", "東京/🧦 = ~!'")]
    [InlineData("no\tcontrol\r\n\u0085\u007F", "no control    ")]
    public async Task It_reads_what_we_send(string key, string subject)
    {
        var content = Events.Shipped with
        {
            Subject = new Subject(SubjectKind.Stock, key),
            ShipTo = Events.Ada,
        };

        var read = await SentAsync(content);

        Assert.True(read.IsValid);
        Assert.Equal(CloudEventsSpecVersion.V1_0, read.SpecVersion);
        Assert.Equal(Events.Id.ToString(), read.Id);
        Assert.Equal("order.shipped", read.Type);
        Assert.Equal("/ordergrains", read.Source!.ToString());
        Assert.Equal($"stock/{subject}", read.Subject);
        Assert.Equal(content.At, read.Time);
        Assert.Equal("application/json", read.DataContentType);
        Assert.Equal("0000000000000000007", read.GetSequenceString());
        var data = Assert.IsType<JsonElement>(read.Data);
        Assert.Equal("#1042", data.GetProperty("orderNumber").GetString());
        Assert.Equal("Ada Märsh", data.GetProperty("shipTo").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Sequences_are_in_order_as_text()
    {
        var read = new List<string?>();
        foreach (var sequence in (long[])[0, 9, 10, 1_000_000, long.MaxValue])
            read.Add((await SentAsync(Events.Shipped with { Sequence = sequence })).GetSequenceString());

        Assert.Equal(read.Order(StringComparer.Ordinal), read, StringComparer.Ordinal);
        Assert.Null((await SentAsync(Events.Shipped with { Sequence = null })).GetSequenceString());
    }

    private static async Task<CloudEvent> SentAsync(EventContent content)
    {
        await using var peer = new LoopbackPeer(LoopbackPeer.Saying(LoopbackPeer.Response(202)));
        using var guarded = new GuardedHttp();
        Assert.Equal(
            new SendResult.Delivered(),
            await Events.To(
                guarded.Client([IPNetwork.Parse("127.0.0.0/8")]), TimeProvider.System, EventFormat.CloudEvents,
                peer.Url.ToString()).SendAsync(Events.Delivery(content), Cancelled));

        var call = Assert.Single(peer.Calls);
        using var request = new HttpRequestMessage(HttpMethod.Post, peer.Url);
        request.Content = new ByteArrayContent(call.Body);
        foreach (var (name, value) in call.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content.Headers.TryAddWithoutValidation(name, value);
        }

        return await request.ToCloudEventAsync(new JsonEventFormatter(), Sequence.AllAttributes);
    }
}
