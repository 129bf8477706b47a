using System.Text;
using Microsoft.AspNetCore.Http;
using OrderGrains.Connectors.WooCommerce;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.WooCommerce;

/// <summary>Requests of a real shop (Samples/README.md), as they came and altered.</summary>
internal static class WooCommerceSample
{
    private static readonly string Folder =
        Path.Combine(AppContext.BaseDirectory, "Connectors", "Samples", "WooCommerce");

    /// <summary>After the requests were recorded.</summary>
    public static readonly DateTimeOffset Now = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);

    public static string Secret { get; } = File.ReadAllText(Path.Combine(Folder, "secret.txt"));

    public static byte[] Order { get; } = Body("order.created");

    public static byte[] Body(string recording) => File.ReadAllBytes(Path.Combine(Folder, $"{recording}.body"));

    /// <summary>The headers as they came, without the request line.</summary>
    public static HeaderDictionary Headers(string recording)
    {
        var headers = new HeaderDictionary();
        foreach (var line in File.ReadLines(Path.Combine(Folder, $"{recording}.headers.txt")).Skip(1)
            .Where(line => line.Length > 0))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers.Append(line[..colon], line[(colon + 1)..].Trim());
        }

        return headers;
    }

    public static WooCommerceSource Shop(Action<WooCommerceOptions>? set = null)
    {
        var options = new WooCommerceOptions { Secrets = [Secret] };
        set?.Invoke(options);
        return new WooCommerceSource("woo", options);
    }

    /// <summary>The order with values set; null takes the field away.</summary>
    public static byte[] With(params (string Path, string? Json)[] changes) => AlteredJson.Of(Order, changes);

    public static Reading Read(
        string topic, ReadOnlyMemory<byte> body, WooCommerceSource? shop = null, DateTimeOffset? at = null)
    {
        var receipt = Deliveries.Receipt(topic, body, deliveryId: null);
        return (shop ?? Shop()).Read(receipt with { ReceivedAt = at ?? Now });
    }

    public static Reading Read(string topic, string body) => Read(topic, Encoding.UTF8.GetBytes(body));

    public static OrderSnapshot Snapshot(ReadOnlyMemory<byte> body, WooCommerceSource? shop = null)
    {
        var understood = Assert.IsType<Reading.Understood>(Read("order.updated", body, shop));
        return Assert.IsType<OrderStated>(understood.Change).Snapshot;
    }

    public static string Unreadable(string topic, ReadOnlyMemory<byte> body) =>
        Assert.IsType<Reading.Unreadable>(Read(topic, body)).Reason;
}
