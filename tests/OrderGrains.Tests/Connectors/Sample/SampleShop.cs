using System.Globalization;
using System.Text;
using OrderGrains.Connectors;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Connectors.Sample;

/// <summary>A shop that posts <c>id;time;sku;quantity</c>, always paid.</summary>
internal sealed class SampleShop(string name, SampleShopOptions options) : IWebhookSource
{
    private static readonly ShipTo Everybody = new()
    {
        Name = "Ada Marsh",
        Address1 = "12 Willow Street",
        City = "Portland",
        PostalCode = "97201",
        CountryCode = "US",
    };

    public Verification Verify(WebhookRequest request, DateTimeOffset now) =>
        request.Headers["X-Password"] == options.Password
            ? new Verification.Authentic("order", null) : new Verification.Forged("X-Password is wrong");

    public Reading Read(Receipt receipt)
    {
        if (Encoding.UTF8.GetString(receipt.Body.Span).Split(';') is not [var id, var time, var sku, var quantity]
            || !DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            || !int.TryParse(quantity, NumberStyles.None, CultureInfo.InvariantCulture, out var units))
        {
            return new Reading.Unreadable("the body must be id;time;sku;quantity");
        }

        return new Reading.Understood(
            new OrderStated(new OrderKey(name, id), new OrderSnapshot
            {
                Number = id,
                PlacedAt = at,
                UpdatedAt = at,
                Payment = Payment.Paid,
                ShipTo = Everybody,
                Lines = [new SnapshotLine { LineId = "1", Sku = Sku.Of(sku), Quantity = units, Shippable = true }],
            }),
            EventKey.Of("order", receipt));
    }
}
