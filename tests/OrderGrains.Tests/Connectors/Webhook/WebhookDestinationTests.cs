using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Webhook;
using OrderGrains.Tests.Connectors.Warehouses;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;
using Xunit;

namespace OrderGrains.Tests.Connectors.Webhook;

public sealed class WebhookDestinationTests
{
    private readonly FakeTimeProvider _time = new(Deliveries.Now);
    private readonly ScriptedHandler _peer = ScriptedHandler.Answering(204);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_is_one_post_by_Standard_Webhooks()
    {
        Assert.Equal(new SendResult.Delivered(), await SendAsync(Events.Shipped));

        var asked = Assert.Single(_peer.Requests);
        Assert.Equal((HttpMethod.Post, "https://crm.example/hooks?tenant=7"), (asked.Method, asked.Url));
        Assert.Equal(
            """{"type":"order.shipped","timestamp":"2026-08-01T11:30:00.25Z","subject":"order/acme/1042","sequence":7"""
            + $$""","data":{{Events.Shipped.Data}}}""",
            Encoding.UTF8.GetString(asked.Body));
        Assert.Equal("application/json", asked.Headers["Content-Type"]);
        Assert.Equal("OrderGrains", asked.Headers["User-Agent"]);
        Assert.Equal(Events.Id.ToString(), asked.Headers["webhook-id"]);
        Assert.Equal("1785585600", asked.Headers["webhook-timestamp"]);
        Assert.Equal("7", asked.Headers["webhook-sequence"]);
        Assert.DoesNotContain(asked.Headers.Keys, name => name.StartsWith("ce-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_sequence_none_is_said()
    {
        await SendAsync(Events.Shipped with { Sequence = null });
        await SendAsync(Events.Shipped with { Sequence = null }, EventFormat.CloudEvents);

        Assert.All(_peer.Requests, asked => Assert.DoesNotContain(
            asked.Headers.Keys, name => name.EndsWith("sequence", StringComparison.Ordinal)));
        Assert.DoesNotContain("sequence", Encoding.UTF8.GetString(_peer.Requests[0].Body), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EventFormat.StandardWebhooks)]
    [InlineData(EventFormat.CloudEvents)]
    public async Task Who_gets_the_goods_is_among_the_facts(EventFormat format)
    {
        await SendAsync(Events.Shipped with { ShipTo = Events.Ada }, format);

        Assert.Contains(
            """:2}],"shipTo":{"name":"Ada M\u00E4rsh","address1":"12 Willow Street","city":"Portland","postalCode":"""
            + "\"97201\",\"countryCode\":\"US\"}}",
            Encoding.UTF8.GetString(_peer.Requests[0].Body), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EventFormat.StandardWebhooks)]
    [InlineData(EventFormat.CloudEvents)]
    public async Task Every_secret_signs(EventFormat format)
    {
        await SendAsync(Events.Shipped, format);

        var asked = _peer.Requests[0];
        Assert.Equal(2, asked.Headers["webhook-signature"].Split(' ').Length);
        foreach (var secret in (string[])[Events.Secret, Events.NewSecret])
        {
            var headers = new HeaderDictionary();
            foreach (var (name, value) in asked.Headers)
                headers[name] = value;
            Assert.IsType<Verification.Authentic>(
                StandardWebhooks.Verify([secret], headers, asked.Body, Deliveries.Now, TimeSpan.Zero));
        }
    }

    [Fact]
    public async Task Each_try_has_the_same_id_and_the_same_bytes_but_a_signature_of_its_time()
    {
        await SendAsync(Events.Shipped);
        _time.Advance(TimeSpan.FromHours(1));
        await SendAsync(Events.Shipped, maybeSent: true);

        var (first, second) = (_peer.Requests[0], _peer.Requests[1]);
        Assert.Equal(2, _peer.Requests.Count);
        Assert.Equal(first.Headers["webhook-id"], second.Headers["webhook-id"]);
        Assert.Equal(first.Body, second.Body);
        Assert.Equal("1785589200", second.Headers["webhook-timestamp"]);
        Assert.NotEqual(
            first.Headers["webhook-signature"], second.Headers["webhook-signature"], StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_cloud_event_has_all_but_the_facts_in_headers()
    {
        await SendAsync(
            Events.Shipped with { Subject = new Subject(SubjectKind.Stock, "Köln \"1\"/100%") },
            EventFormat.CloudEvents);

        var asked = _peer.Requests[0];
        Assert.Equal(Events.Shipped.Data, Encoding.UTF8.GetString(asked.Body));
        Assert.Equal("application/json", asked.Headers["Content-Type"]);
        Assert.Equal(
            [
                $"ce-id: {Events.Id}", "ce-sequence: 0000000000000000007", "ce-source: /ordergrains",
                "ce-specversion: 1.0", "ce-subject: stock/K%C3%B6ln%20%221%22/100%25",
                "ce-time: 2026-08-01T11:30:00.2500000Z", "ce-type: order.shipped",
            ],
            asked.Headers.Where(header => header.Key.StartsWith("ce-", StringComparison.Ordinal))
                .Select(header => $"{header.Key}: {header.Value}").Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("https://elsewhere.example/new?token=hush", "301 leads to https://elsewhere.example")]
    [InlineData("https://ada:hush@elsewhere.example:8443/new", "301 leads to https://elsewhere.example:8443")]
    [InlineData("/hush", "301 leads to https://crm.example")]
    [InlineData("http://[hush", "301 leads elsewhere")]
    [InlineData(null, "301 leads elsewhere")]
    public async Task A_redirect_is_named_without_what_may_be_secret(string? location, string begins)
    {
        using var http = new HttpClient(new ScriptedHandler((_, _) =>
        {
            var response = new HttpResponseMessage(System.Net.HttpStatusCode.MovedPermanently);
            if (location is not null)
                response.Headers.TryAddWithoutValidation("Location", location);
            return Task.FromResult(response);
        }));

        var refused = Assert.IsType<SendResult.Refused>(
            await Events.To(http, _time).SendAsync(Events.Delivery(Events.Shipped), Cancelled));

        Assert.Equal(
            $"{begins}; redirects are not followed: the address must be the one that answers", refused.Why);
    }

    private async Task<SendResult> SendAsync(
        EventContent content, EventFormat format = EventFormat.StandardWebhooks, bool maybeSent = false)
    {
        using var http = new HttpClient(_peer, disposeHandler: false);
        return await Events.To(http, _time, format).SendAsync(Events.Delivery(content, maybeSent), Cancelled);
    }
}
