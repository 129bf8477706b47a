using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrderGrains.Bench.Peers;

/// <summary>What a peer reads of the storefront's JSON.</summary>
internal sealed record OrderBody(
    long Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string FinancialStatus, string Email,
    AddressBody ShippingAddress, IReadOnlyList<LineBody> LineItems)
{
    public string Reference => $"acme-{Id}-1";

    public static OrderBody Read(ReadOnlySpan<byte> body) =>
        JsonSerializer.Deserialize(body, StorefrontJson.Default.OrderBody)!;

    /// <summary>The body of <c>PUT /orders/{reference}</c> (CONTRACT section 3).</summary>
    public byte[] ToRelease() => JsonSerializer.SerializeToUtf8Bytes(
        new ReleaseBody(
            Reference, "acme", Id.ToString(), Name, PeerRole.Location, CreatedAt,
            new ShipToBody(
                ShippingAddress.Name, ShippingAddress.Address1, ShippingAddress.City, ShippingAddress.Province,
                ShippingAddress.Zip, ShippingAddress.CountryCode, ShippingAddress.Phone, Email),
            [.. LineItems.Select(line => new ReleaseLineBody(line.Id.ToString(), line.Sku, line.CurrentQuantity))]),
        WarehouseJson.Default.ReleaseBody);
}

internal sealed record LineBody(long Id, string Sku, int CurrentQuantity);

internal sealed record AddressBody(
    string Name, string Address1, string City, string Province, string Zip, string CountryCode, string Phone);

internal sealed record ReleaseBody(
    string Reference, string Source, string OrderId, string OrderNumber, string Location, DateTimeOffset PlacedAt,
    ShipToBody ShipTo, IReadOnlyList<ReleaseLineBody> Lines);

internal sealed record ShipToBody(
    string Name, string Address1, string City, string Province, string PostalCode, string CountryCode, string Phone,
    string Email);

internal sealed record ReleaseLineBody(string LineId, string Sku, int Quantity);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(OrderBody))]
internal sealed partial class StorefrontJson : JsonSerializerContext;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReleaseBody))]
internal sealed partial class WarehouseJson : JsonSerializerContext;
