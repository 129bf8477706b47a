using System.Collections;
using System.Reflection;
using System.Text.Json;
using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Storage;
using OrderGrains.Tests.Orders;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Storage;

public sealed class StoredJsonTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 23, 12, 0, 0, 123, 456, TimeSpan.FromHours(2));

    [Fact]
    public void Every_field_of_an_order_survives()
    {
        var order = WholeOrder();
        AssertNothingLeftOut(order, "order");

        var read = StoredJson.Read<Order>(StoredJson.Write(order));

        Assert.Equivalent(order, read, strict: true);
        Assert.Equal(StoredJson.Write(order), StoredJson.Write(read));
        Assert.True(read.Events.Contains("shopify/1"));
        Assert.False(read.Events.Contains("shopify/2"));
    }

    [Fact]
    public void An_order_of_which_little_is_known_survives()
    {
        var order = new Order { Key = new OrderKey("acme", "1"), ReceivedAt = At };

        Assert.Equivalent(order, StoredJson.Read<Order>(StoredJson.Write(order)), strict: true);
    }

    [Fact]
    public void A_field_that_an_older_version_did_not_write_has_its_default()
    {
        var read = StoredJson.Read<Order>(
            """{"key":{"source":"acme","orderId":"1"},"receivedAt":"2026-11-23T12:00:00Z"}""");

        Assert.Equivalent(
            new Order { Key = new OrderKey("acme", "1"), ReceivedAt = new(2026, 11, 23, 12, 0, 0, default) }, read,
            strict: true);
    }

    [Fact]
    public void Names_are_camel_case_enums_are_names_and_nulls_are_left_out()
    {
        using var json = JsonDocument.Parse(StoredJson.Write(WholeOrder() with { CancelReason = null }));

        Assert.Equal("partiallyShipped", json.RootElement.GetProperty("status").GetString());
        Assert.Equal("accepted", json.RootElement.GetProperty("releases")[0].GetProperty("status").GetString());
        Assert.False(json.RootElement.TryGetProperty("cancelReason", out _));
    }

    /// <summary>A field that is added to an order and not to <see cref="WholeOrder"/> is not tested: say so.</summary>
    private static void AssertNothingLeftOut(object value, string path)
    {
        foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var held = property.GetValue(value);
            var unset = property.PropertyType.IsValueType ? Activator.CreateInstance(property.PropertyType) : null;
            Assert.False(Equals(held, unset), $"{path}.{property.Name} is not set");
            if (held is IEnumerable items and not string)
            {
                Assert.True(items.Cast<object>().Any(), $"{path}.{property.Name} is empty");
                foreach (var item in items.Cast<object>().Where(IsOurs))
                    AssertNothingLeftOut(item, $"{path}.{property.Name}");
            }
            else if (IsOurs(held!))
            {
                AssertNothingLeftOut(held!, $"{path}.{property.Name}");
            }
        }
    }

    private static bool IsOurs(object value) =>
        value is not ProcessedEvents and not Enum && value.GetType().Assembly == typeof(Order).Assembly;

    private static Order WholeOrder() => new()
    {
        Key = new OrderKey("acme", "5678901234567890123"),
        Status = OrderStatus.PartiallyShipped,
        ReceivedAt = At,
        Storefront = new OrderSnapshot
        {
            UpdatedAt = At,
            PlacedAt = At,
            Number = "#1001",
            Payment = Payment.Paid,
            Cancelled = true,
            CancelReason = "customer",
            Held = true,
            Lines =
            [
                new SnapshotLine { LineId = "1", Sku = "SHIRT/M", Quantity = 2, Shippable = true, Removed = 1 },
            ],
            ShipTo = new ShipTo
            {
                Name = "Zoë \"Z\" O’Neil",
                Company = "Acme",
                Address1 = "1 Main St",
                Address2 = "Floor 2",
                City = "Zürich",
                Province = "ZH",
                PostalCode = "8000",
                CountryCode = "CH",
                Phone = "+41 44 000 00 00",
                Email = "zoe@example.com",
            },
            ShippingMethod = "express",
            RefundIds = ["r1"],
            Fulfilments = [new Fulfilment("f1", ["T1"], [new ShippedLine("1", 1, "SHIRT/M")])],
            Closed = true,
            HandedOver = true,
            TriggeredAt = At,
            AllGone = true,
        },
        Fulfilments = [new StatedFulfilment(new Fulfilment("f1", ["T1"], [new ShippedLine("1", 1, "SHIRT/M")]), At)],
        ShownEdits = [new Amendment(AmendmentKind.Edit, "8", At, [new AmendedLine("1", 1)])],
        Rival = OrderWorld.Stated(1, paid: true, refundIds: "r1").Snapshot with
        {
            Cancelled = true,
            CancelReason = "customer",
            Held = true,
            Lines = [new SnapshotLine { LineId = "1", Sku = "SHIRT/M", Quantity = 2, Shippable = true, Removed = 1 }],
            ShipTo = new ShipTo
            {
                Name = "Z",
                Company = "A",
                Address1 = "1",
                Address2 = "2",
                City = "C",
                Province = "P",
                PostalCode = "8",
                CountryCode = "CH",
                Phone = "+4",
                Email = "z@e",
            },
            ShippingMethod = "express",
            Fulfilments = [new Fulfilment("f1", ["T1"], [new ShippedLine("1", 1, "SHIRT/M")])],
            Closed = true,
            HandedOver = true,
            TriggeredAt = At,
            AllGone = true,
        },
        EarlierUnits = new Dictionary<string, int>(StringComparer.Ordinal) { ["1"] = 3 },
        EarlierAt = At,
        ClosedBefore = true,
        Excess = new Dictionary<string, int>(StringComparer.Ordinal) { ["1"] = 1 },
        Amendments = [new Amendment(AmendmentKind.Edit, "7", At, [new AmendedLine("1", -1)])],
        CancelReason = "the warehouse",
        TrashedAt = At,
        RestoredAt = At,
        HoldReason = new HoldReason(HeldBy.Warehouse, "fraud check", "their words"),
        Allocations = [new Allocation("1", "SHIRT/M", "east", 1, 1, 1)],
        Releases =
        [
            new Release
            {
                Number = 1,
                Reference = "acme-1-1",
                Warehouse = "east-wms",
                Location = "east",
                Status = ReleaseStatus.Accepted,
                Lines = [new ReleaseLine("1", "SHIRT/M", 2)],
                Asked = [new ReleaseLine("1", "SHIRT/M", 2)],
                Recipient = "abc",
                ConfirmedRecipient = "def",
                Confirmed = [new ReleaseLine("1", "SHIRT/M", 1)],
                WarehouseOrderId = "W1",
                MessageId = Guid.CreateVersion7(At),
                SupersededId = Guid.CreateVersion7(At),
                Frozen = true,
                StopRefused = true,
            },
        ],
        Shipments =
        [
            new Shipment
            {
                ShipmentId = "S1",
                Reference = "acme-1-1",
                Carrier = "DHL",
                TrackingNumber = "T1",
                TrackingUrl = "https://example.com/T1",
                EarlierNumbers = ["T0"],
                NumberedAt = At,
                Lines = [new ShippedLine("1", 1, "SHIRT/M")],
                ShippedAt = At,
                MessageId = Guid.CreateVersion7(At),
                FulfilmentId = "255858046",
                Unrecorded = true,
                Restated = true,
                TakenBack = true,
                OpenWhenTold = 1,
                Untold = true,
            },
        ],
        StorefrontHolds = [new StorefrontHold("fulfilment order 7", true, At, "wrong address")],
        Unserved = [new UnservedLine("1", 1, 2)],
        Bundles = new Dictionary<string, IReadOnlyList<BundlePart>>(StringComparer.Ordinal)
        {
            ["SET"] = [new BundlePart("SHIRT/M", 2)],
        },
        ReservedUntil = At,
        Redaction = new Redaction("ops", At),
        Events = ProcessedEvents.None.With("shopify/1"),
    };
}
