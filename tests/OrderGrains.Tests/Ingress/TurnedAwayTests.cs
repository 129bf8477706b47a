using System.Net;
using Microsoft.Extensions.Time.Testing;
using OrderGrains.Ingress;
using OrderGrains.Tests.Running;
using OrderGrains.Tests.Silos;
using Xunit;

namespace OrderGrains.Tests.Ingress;

/// <summary>Whoever sets a source up sees why nothing comes.</summary>
[Collection(nameof(RunningProduct))]
public sealed class TurnedAwayTests(RunningProduct product)
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Each_reason_is_counted_with_its_latest_time_and_address()
    {
        var book = new TurnedAwayBook(time);
        book.Note("acme", 401, "X is missing", IPAddress.Parse("192.0.2.1"));
        time.Advance(TimeSpan.FromSeconds(1));
        book.Note("acme", 401, "X is missing", IPAddress.Parse("192.0.2.2"));
        book.Note("acme", 415, "Content-Type must be application/json", null);
        var taken = book.Take();

        Assert.Equal(
            [
                new TurnedAway("acme", 401, "X is missing", 2, time.GetUtcNow(), "192.0.2.2"),
                new TurnedAway("acme", 415, "Content-Type must be application/json", 1, time.GetUtcNow(), ""),
            ],
            taken);
        Assert.Empty(book.Take());
        time.Advance(TimeSpan.FromSeconds(1));
        book.Note("acme", 401, "X is missing", IPAddress.Parse("192.0.2.3"));
        book.GiveBack(taken);
        Assert.Equal(
            ["X is missing 3 192.0.2.3", "Content-Type must be application/json 1 "],
            book.Take().Select(one => $"{one.Rule} {one.Count} {one.LastAddress}"), StringComparer.Ordinal);
    }

    [Fact]
    public void However_many_reasons_there_are_memory_is_bounded()
    {
        var book = new TurnedAwayBook(time);
        for (var i = 0; i < 5_000; i++)
            book.Note("acme", 401, $"rule {i}", null);
        var taken = book.Take();

        Assert.InRange(taken.Count, 1, 1_001);
        Assert.Equal(5_000, taken.Sum(one => one.Count));
    }

    [Fact]
    public async Task The_running_product_shows_what_it_turned_away()
    {
        await product.RefusedAsync(
            product.ByShopify("refusals", "{}"u8.ToArray(), "somebody else's secret"), 401, "signature_invalid");

        await Eventually.TrueAsync(async () =>
        {
            var sources = await product.GetAsync("/api/v1/sources", TestContext.Current.CancellationToken);
            var refusals = sources.GetProperty("items").EnumerateArray()
                .Single(source => source.GetProperty("name").GetString() == "refusals");
            return refusals.GetProperty("turnedAway").EnumerateArray().Any(one =>
                one.GetProperty("rule").GetString() == "X-Shopify-Hmac-Sha256 matches no live secret");
        });
    }
}
