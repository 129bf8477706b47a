using System.Net;
using OrderGrains.Chaos;
using OrderGrains.Chaos.Silos;
using Xunit;

namespace OrderGrains.Tests.Chaos;

/// <summary>Which silo a sender's next try goes to.</summary>
public sealed class DoorsTests
{
    private static readonly Uri[] AllDoors =
        [new("http://127.0.0.1:1001"), new("http://127.0.0.1:1002"), new("http://127.0.0.1:1003")];

    private readonly HashSet<int> _ready = [0, 1, 2];
    private readonly HashSet<int> _wanted = [0, 1, 2];
    private readonly Doors _at;

    public DoorsTests() => _at = new Doors(
        AllDoors, _wanted.Contains, (silo, _) => Task.FromResult(_ready.Contains(silo)), TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Those_that_are_ready_take_turns()
    {
        await _at.ProbeAsync(Cancellation);

        Assert.Equal([0, 1, 2], Next(6).Order().Distinct());
    }

    [Fact]
    public async Task A_silo_that_is_not_ready_gets_no_tries_until_it_is()
    {
        _ready.Remove(1);
        await _at.ProbeAsync(Cancellation);
        Assert.Equal([0, 2], Next(6).Order().Distinct());

        _ready.Add(1);
        await _at.ProbeAsync(Cancellation);
        Assert.Equal([0, 1, 2], Next(6).Order().Distinct());
    }

    [Fact]
    public async Task A_silo_that_refused_a_connection_gets_no_tries_until_the_next_good_probe()
    {
        await _at.ProbeAsync(Cancellation);
        var ledger = new Ledger();
        using var senders = new HttpClient(new TryRecorder(_at, ledger, TimeProvider.System, new Answers(null)));
        using var request = Webhook(silo: 2);

        await Assert.ThrowsAsync<HttpRequestException>(() => senders.SendAsync(request, Cancellation));

        Assert.Equal([0, 1], Next(6).Order().Distinct());
        Assert.Null(Assert.Single(ledger.Tries).Status);
        await _at.ProbeAsync(Cancellation);
        Assert.Equal([0, 1, 2], Next(6).Order().Distinct());
    }

    [Fact]
    public async Task When_none_is_ready_those_that_should_be_there_are_tried()
    {
        _ready.Clear();
        _wanted.Remove(2);
        await _at.ProbeAsync(Cancellation);

        Assert.Equal([0, 1], Next(6).Order().Distinct());
    }

    [Theory]
    [InlineData("orders/create", """{"id":820982911946154508}""")]
    [InlineData("refunds/create", """{"id":7,"order_id":820982911946154508}""")]
    [InlineData("orders/edited", """{"order_edit":{"id":7,"order_id":820982911946154508}}""")]
    public async Task A_try_is_noted_with_its_silo_its_order_and_its_answer(string topic, string body)
    {
        var ledger = new Ledger();
        using var senders = new HttpClient(
            new TryRecorder(_at, ledger, TimeProvider.System, new Answers(HttpStatusCode.ServiceUnavailable)));
        using var request = Webhook(silo: 1, body, topic);

        using var response = await senders.SendAsync(request, Cancellation);

        var noted = Assert.Single(ledger.Tries);
        Assert.Equal((1, "acme", "w1", topic), (noted.Silo, noted.Source, noted.WebhookId, noted.What));
        Assert.Equal((820982911946154508, HttpStatusCode.ServiceUnavailable), (noted.OrderId, noted.Status));
    }

    private static HttpRequestMessage Webhook(int silo, string body = "{}", string topic = "orders/create")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(AllDoors[silo], "/webhooks/v1/acme"))
        {
            Content = new StringContent(body),
        };
        request.Headers.Add("X-Shopify-Webhook-Id", "w1");
        request.Headers.Add("X-Shopify-Topic", topic);
        return request;
    }

    private IEnumerable<int> Next(int times) => [.. Enumerable.Range(0, times).Select(_ => _at.Find(_at.Next()))];

    /// <summary>Answers with a status, or refuses the connection.</summary>
    private sealed class Answers(HttpStatusCode? status) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) => status is { } code
            ? Task.FromResult(new HttpResponseMessage(code))
            : Task.FromException<HttpResponseMessage>(new HttpRequestException("refused"));
    }
}
