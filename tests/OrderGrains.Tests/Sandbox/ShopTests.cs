using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using OrderGrains.Sandbox.Shops;
using Xunit;

namespace OrderGrains.Tests.Sandbox;

public sealed class ShopTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 7, 1, 12, 0, 0, 400, TimeSpan.Zero));
    private readonly HttpClient _http = new();

    public void Dispose() => _http.Dispose();

    [Fact]
    public void The_same_seed_places_the_same_orders_byte_for_byte()
    {
        var (left, right) = (OpenShop(), OpenShop());
        for (var i = 0; i < 20; i++)
        {
            var (one, other) = (left.Place(), right.Place());
            Assert.Equal(one.Body.ToArray(), other.Body.ToArray());
            Assert.Equal(one.Headers.ToArray(), other.Headers.ToArray());
        }
    }

    [Fact]
    public void Ids_stand_digit_for_digit_and_above_what_a_double_holds()
    {
        var shop = OpenShop();
        shop.Place();
        using var order = JsonDocument.Parse(shop.Place().Body);
        Assert.Equal("820982911946154524", order.RootElement.GetProperty("id").GetRawText());
        Assert.Equal("#1002", order.RootElement.GetProperty("name").GetString());
        Assert.Equal("2026-07-01T07:00:00-05:00", order.RootElement.GetProperty("updated_at").GetString());
    }

    [Fact]
    public void Each_change_within_one_second_has_a_later_version_unless_told_otherwise()
    {
        var shop = OpenShop();
        var id = shop.Place(paid: false).OrderId;
        var placed = shop.Find(id)!.UpdatedAt;
        shop.Pay(id);
        Assert.Equal(placed.AddSeconds(1), shop.Find(id)!.UpdatedAt);
        shop.Update(id, sameSecond: true);
        Assert.Equal(placed.AddSeconds(1), shop.Find(id)!.UpdatedAt);
    }

    [Fact]
    public void The_signature_covers_the_body_and_a_forgery_does_not_match()
    {
        var delivery = OpenShop().Place();
        var forged = Shop.Forge(delivery);
        Assert.Equal(delivery.Headers["X-Shopify-Hmac-Sha256"], SignatureOf(delivery));
        Assert.False(forged.Headers["X-Shopify-Hmac-Sha256"] == SignatureOf(forged));
    }

    [Fact]
    public void A_refund_lowers_what_is_wanted_and_stays_on_the_order()
    {
        var shop = OpenShop();
        var id = shop.Place(lines: [(Catalogue.Items[0], 3)]).OrderId;
        using var refund = JsonDocument.Parse(shop.Refund(id, line: 0, quantity: 1).Body);
        using var order = JsonDocument.Parse(shop.Restate(id).Body);
        Assert.Equal(id, refund.RootElement.GetProperty("order_id").GetInt64());
        var line = order.RootElement.GetProperty("line_items")[0];
        Assert.Equal(3, line.GetProperty("quantity").GetInt32());
        Assert.Equal(2, line.GetProperty("current_quantity").GetInt32());
        Assert.Equal("partially_refunded", order.RootElement.GetProperty("financial_status").GetString());
        Assert.Equal(1, order.RootElement.GetProperty("refunds").GetArrayLength());
    }

    private Shop OpenShop() => new("acme", "secret", () => new Uri("http://127.0.0.1:1"), _time, seed: 7, _http);

    private static string SignatureOf(Delivery delivery) =>
        Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes("secret"), delivery.Body.Span));
}
