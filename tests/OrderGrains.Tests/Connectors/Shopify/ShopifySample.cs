using System.Text;
using OrderGrains.Connectors.Shopify;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Shopify;

/// <summary>Shopify's own example order (Samples/README.md), as it is and altered.</summary>
internal static class ShopifySample
{
    private static readonly ShopifySource Source = Deliveries.Shop("hush");

    public static byte[] Order { get; } =
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Connectors", "Samples", "order-450789469.json"));

    /// <summary>The order with one value set; the path is of names and indices parted by slashes.</summary>
    public static byte[] With(string path, string? json) => With((path, json));

    /// <summary>The order with values set; null takes the field away.</summary>
    public static byte[] With(params (string Path, string? Json)[] changes) =>
        AlteredJson.Of(Order, changes);

    public static Reading Read(string topic, ReadOnlyMemory<byte> body, string? deliveryId = "d-1") =>
        Source.Read(Deliveries.Receipt(topic, body, deliveryId));

    public static Reading Read(string topic, string body) => Read(topic, Encoding.UTF8.GetBytes(body));

    public static OrderSnapshot Snapshot(ReadOnlyMemory<byte> body, string topic = "orders/updated")
    {
        var understood = Assert.IsType<Reading.Understood>(Read(topic, body));
        return Assert.IsType<OrderStated>(understood.Change).Snapshot;
    }

    public static string Unreadable(string topic, ReadOnlyMemory<byte> body) =>
        Assert.IsType<Reading.Unreadable>(Read(topic, body)).Reason;
}
