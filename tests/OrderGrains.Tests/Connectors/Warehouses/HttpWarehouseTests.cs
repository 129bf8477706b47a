using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Warehouses;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;
using Xunit;

namespace OrderGrains.Tests.Connectors.Warehouses;

public sealed class HttpWarehouseTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private readonly FakeTimeProvider _time = new(Deliveries.Now);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://wms.example", "http://wms.example/orders/acme-1-1")]
    [InlineData("http://wms.example/", "http://wms.example/orders/acme-1-1")]
    [InlineData("http://wms.example:81/api/v2", "http://wms.example:81/api/v2/orders/acme-1-1")]
    [InlineData("http://wms.example/api/?key=1", "http://wms.example/api/orders/acme-1-1")]
    public async Task Paths_are_appended_to_the_base(string baseUrl, string url)
    {
        var wms = ScriptedHandler.Answering(201);
        var warehouse = Warehouse(wms, baseUrl: baseUrl);

        await warehouse.ReleaseAsync(ScriptedHandler.Take, Deliveries.Attempt, Cancelled);
        await warehouse.FindAsync("acme-1-1", Deliveries.Attempt, Cancelled);
        await warehouse.CancelAsync("acme-1-1", Deliveries.Attempt, Cancelled);

        Assert.Equal([HttpMethod.Put, HttpMethod.Get, HttpMethod.Post], wms.Requests.Select(asked => asked.Method));
        string[] urls = [url, url, url + "/cancel"];
        Assert.Equal(urls, wms.Requests.Select(asked => asked.Url), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_reference_is_escaped()
    {
        var wms = ScriptedHandler.Answering(404);

        await Warehouse(wms).FindAsync("acme-1/2?a#b c-1", Deliveries.Attempt, Cancelled);

        Assert.Equal("http://wms.example/orders/acme-1%2F2%3Fa%23b%20c-1", wms.Requests[0].Url);
    }

    [Fact]
    public async Task Requests_are_signed_over_their_exact_bytes_each_under_its_own_id()
    {
        var wms = ScriptedHandler.Answering(200);
        var warehouse = Warehouse(wms, Secret);

        await warehouse.ReleaseAsync(ScriptedHandler.Take, Deliveries.Attempt, Cancelled);
        await warehouse.CancelAsync("acme-1-1", Deliveries.Attempt, Cancelled);

        foreach (var asked in wms.Requests)
        {
            var headers = new HeaderDictionary();
            foreach (var (name, value) in asked.Headers)
                headers[name] = value;
            Assert.IsType<Verification.Authentic>(
                StandardWebhooks.Verify([Secret], headers, asked.Body, Deliveries.Now, TimeSpan.Zero));
        }

        Assert.Equal(ReleaseRequestJson.Serialize(ScriptedHandler.Take), wms.Requests[0].Body);
        Assert.Equal("application/json; charset=utf-8", wms.Requests[0].Headers["Content-Type"]);
        Assert.Distinct(wms.Requests.Select(asked => asked.Headers["webhook-id"]), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Without_a_secret_nothing_is_signed()
    {
        var wms = ScriptedHandler.Answering(200);

        await Warehouse(wms).CancelAsync("acme-1-1", Deliveries.Attempt, Cancelled);

        Assert.Empty(wms.Requests[0].Headers);
    }

    [Fact]
    public async Task A_call_that_takes_too_long_has_failed()
    {
        var asked = new TaskCompletionSource();
        var wms = new ScriptedHandler(async (_, cancelled) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancelled);
            return new HttpResponseMessage();
        });

        var call = Warehouse(wms).FindAsync("acme-1-1", Deliveries.Attempt, Cancelled);
        await asked.Task;
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(new SendResult.Unknown("no answer within 10 s"), await call);
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_told_so()
    {
        using var caller = new CancellationTokenSource();
        var wms = new ScriptedHandler(async (_, cancelled) =>
        {
            await caller.CancelAsync();
            cancelled.ThrowIfCancellationRequested();
            return new HttpResponseMessage();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Warehouse(wms).FindAsync("acme-1-1", Deliveries.Attempt, caller.Token));
    }

    [Theory]
    [InlineData(HttpRequestError.ConnectionError, false)]
    [InlineData(HttpRequestError.NameResolutionError, false)]
    [InlineData(HttpRequestError.SecureConnectionError, false)]
    [InlineData(HttpRequestError.ProxyTunnelError, false)]
    [InlineData(HttpRequestError.ResponseEnded, true)]
    [InlineData(HttpRequestError.Unknown, true)]
    public async Task A_connection_that_breaks_has_failed_and_may_have_carried_the_order(
        HttpRequestError error, bool reached)
    {
        var wms = new ScriptedHandler((_, _) => throw new HttpRequestException(error, $"refused\r\n{Secret}"));

        var answer = await Warehouse(wms, Secret).ReleaseAsync(ScriptedHandler.Take, Deliveries.Attempt, Cancelled);

        var why = $"{error}: refused  …";
        Assert.Equal(reached ? new SendResult.Unknown(why) : new SendResult.Again(why), answer);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("120", 120)]
    [InlineData("0", 0)]
    [InlineData("86400", 3600)]
    [InlineData("99999999999999", 3600)]
    [InlineData("soon", null)]
    [InlineData("+90", 90)]
    [InlineData("+999999", 3600)]
    [InlineData("-90", 0)]
    public async Task Retry_after_is_seconds_or_a_date_and_at_most_an_hour(string? header, int? seconds)
    {
        // A sign stands for a date so many seconds from now.
        if (header is ['+' or '-', ..])
            header = Deliveries.Now.AddSeconds(int.Parse(header)).ToString("r", CultureInfo.InvariantCulture);

        var wms = ScriptedHandler.Answering(503, retryAfter: header);
        var answer = await Warehouse(wms).FindAsync("acme-1-1", Deliveries.Attempt, Cancelled);

        TimeSpan? expected = seconds is { } wait ? TimeSpan.FromSeconds(wait) : null;
        Assert.Equal(new SendResult.Unknown("503 Service Unavailable", expected), answer);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(409)]
    public async Task An_answer_that_breaks_off_proves_nothing(int status)
    {
        var wms = new ScriptedHandler((_, _) => Task.FromResult(new HttpResponseMessage((HttpStatusCode)status)
        {
            Content = new StreamContent(new BrokenStream()),
        }));

        Assert.IsType<SendResult.Unknown>(await Warehouse(wms)
            .ReleaseAsync(ScriptedHandler.Take, Deliveries.Attempt, Cancelled));
        Assert.IsNotType<SendResult.Delivered>(await Warehouse(wms)
            .FindAsync("acme-1-1", Deliveries.Attempt, Cancelled));
        Assert.IsType<SendResult.Unknown>(await Warehouse(wms).CancelAsync("acme-1-1", Deliveries.Attempt, Cancelled));
    }

    [Fact]
    public async Task A_body_that_does_not_end_is_given_up_with_the_call()
    {
        var body = new EndlessStream();
        var wms = new ScriptedHandler((_, _) => Task.FromResult(
            new HttpResponseMessage { Content = new StreamContent(body) }));

        var call = Warehouse(wms).ReleaseAsync(ScriptedHandler.Take, Deliveries.Attempt, Cancelled);
        await body.Asked.Task;
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(new SendResult.Unknown("no answer within 10 s"), await call);
    }

    [Fact]
    public async Task What_was_not_proven_is_tried_again_when_the_answer_says()
    {
        var wms = ScriptedHandler.Answering(202, """{"message":"queued"}""", retryAfter: "90");

        Assert.Equal(
            new SendResult.Unknown(
                "202 which does not say that the order is taken: queued", TimeSpan.FromSeconds(90)),
            await Warehouse(wms).ReleaseAsync(ScriptedHandler.Take, Deliveries.Attempt, Cancelled));
    }

    private HttpWarehouse Warehouse(ScriptedHandler wms, string? secret = null,
        string baseUrl = "http://wms.example") => new(
        new HttpClient(wms),
        new HttpWarehouseOptions { BaseUrl = new Uri(baseUrl), Secrets = secret is null ? [] : [secret] },
        _time);

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("reset by peer");
    }

    private sealed class EndlessStream : MemoryStream
    {
        public TaskCompletionSource Asked { get; } = new();

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return 0;
        }
    }
}
