using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using OrderGrains.Ingress;
using OrderGrains.Tests.Running;
using OrderGrains.Tests.Silos;
using Xunit;

namespace OrderGrains.Tests.Ingress;

/// <summary>Whoever sets a source up sees why nothing comes.</summary>
[Collection(nameof(RunningProduct))]
public sealed class FrontTests(RunningProduct product)
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Each_reason_is_counted_with_its_latest_time_and_address()
    {
        var book = new FrontBook(_time);
        book.TurnedAway("acme", 401, "X is missing", IPAddress.Parse("192.0.2.1"));
        _time.Advance(TimeSpan.FromSeconds(1));
        book.TurnedAway("acme", 401, "X is missing", IPAddress.Parse("192.0.2.2"));
        book.TurnedAway("acme", 415, "Content-Type must be application/json", null);
        var taken = book.Take();

        Assert.Equal(
            [
                new TurnedAway("acme", 401, "X is missing", 2, _time.GetUtcNow(), "192.0.2.2"),
                new TurnedAway("acme", 415, "Content-Type must be application/json", 1, _time.GetUtcNow(), ""),
            ],
            taken.TurnedAway);
        Assert.True(book.Take().IsEmpty);
        _time.Advance(TimeSpan.FromSeconds(1));
        book.TurnedAway("acme", 401, "X is missing", IPAddress.Parse("192.0.2.3"));
        book.GiveBack(taken);
        Assert.Equal(
            ["X is missing 3 192.0.2.3", "Content-Type must be application/json 1 "],
            book.Take().TurnedAway.Select(one => $"{one.Rule} {one.Count} {one.LastAddress}"), StringComparer.Ordinal);
    }

    [Fact]
    public void However_many_reasons_there_are_memory_is_bounded()
    {
        var book = new FrontBook(_time);
        for (var i = 0; i < 5_000; i++)
            book.TurnedAway("acme", 401, $"rule {i}", null);
        var taken = book.Take().TurnedAway;

        Assert.InRange(taken.Count, 1, 1_001);
        Assert.Equal(5_000, taken.Sum(one => one.Count));
    }

    [Fact]
    public void A_clock_is_that_of_the_latest_let_in_and_of_the_latest_turned_away_for_it()
    {
        var book = new FrontBook(_time);
        var now = _time.GetUtcNow();
        book.Accepted("acme", null);
        book.Accepted("wms", now.AddSeconds(9));
        book.Accepted("wms", now.AddSeconds(-2));
        book.TurnedAway("wms", 401, "webhook-timestamp is older", null, now.AddHours(-1));
        book.TurnedAway("wms", 401, "webhook-signature is missing", null);
        var taken = book.Take();
        book.Accepted("wms", now.AddSeconds(1));
        book.GiveBack(taken);

        Assert.Equal(
            [
                new SenderClock("acme", true, null, now),
                new SenderClock("wms", true, TimeSpan.FromSeconds(1), now),
                new SenderClock("wms", false, TimeSpan.FromHours(-1), now),
            ],
            book.Take().Clocks);
    }

    [Fact]
    public async Task The_running_product_shows_the_clock_of_a_sender()
    {
        // Counts nothing, and states a time.
        var body = """{"type":"a.greeting","data":{}}"""u8.ToArray();
        await product.AcceptedAsync(product.ByWarehouse(body, age: TimeSpan.FromSeconds(100)));
        await product.RefusedAsync(
            product.ByWarehouse(body, age: TimeSpan.FromHours(-2)), 401, "signature_invalid");

        await Eventually.TrueAsync(async () =>
        {
            var wms = await SourceAsync("east-wms");
            return AheadOf(wms, "clockTurnedAway") is { TotalMinutes: > 119 and < 121 }
                && AheadOf(wms, "clock") is { TotalSeconds: > -120 and < 10 };
        });
        await product.AcceptedAsync(product.ByShopify("odd", "{}"u8.ToArray()));
        await Eventually.TrueAsync(async () => (await SourceAsync("odd")).GetProperty("clock") is
        { ValueKind: JsonValueKind.Object } clock && clock.GetProperty("ahead").ValueKind == JsonValueKind.Null);
    }

    [Fact]
    public async Task The_running_product_shows_what_it_turned_away()
    {
        await product.RefusedAsync(
            product.ByShopify("refusals", "{}"u8.ToArray(), "somebody else's secret"), 401, "signature_invalid");

        await Eventually.TrueAsync(async () =>
        {
            var refusals = await SourceAsync("refusals");
            return refusals.GetProperty("turnedAway").EnumerateArray().Any(one =>
                one.GetProperty("rule").GetString() == "X-Shopify-Hmac-Sha256 matches no live secret");
        });
    }

    private async Task<JsonElement> SourceAsync(string name)
    {
        var sources = await product.GetAsync("/api/v1/sources", TestContext.Current.CancellationToken);
        return sources.GetProperty("items").EnumerateArray()
            .Single(source => source.GetProperty("name").GetString() == name);
    }

    private static TimeSpan? AheadOf(JsonElement source, string clock) =>
        source.GetProperty(clock) is { ValueKind: JsonValueKind.Object } found
            ? TimeSpan.Parse(found.GetProperty("ahead").GetString()!) : null;
}
