using OrderGrains.Orders;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Orders;

/// <summary>Parcels that the storefront states by themselves.</summary>
public sealed class FulfilmentRulesTests
{
    private readonly OrderWorld _world = new();

    [Fact]
    public void What_others_have_sent_is_not_asked_for_and_the_order_says_who_sent_it()
    {
        _world.Apply(OrderWorld.Stated(0, paid: true));
        Assert.Equal("fulfilment 7: 2 units", Assert.IsType<Decision.Accept>(_world.Apply(Parcel(1, 2))).Summary);
        _world.AnswerAll();

        Assert.Equal((OrderStatus.PartiallyShipped, 2), (_world.Order.Status, Elsewhere));
        Assert.Equal(1, _world.AtWarehouse.Values.Sum());
    }

    [Fact]
    public void The_same_word_again_is_a_duplicate_and_an_older_one_is_stale()
    {
        _world.Apply(Parcel(2, 2));

        Assert.Equal("fulfilment 7 is known", Assert.IsType<Decision.Duplicate>(_world.Apply(Parcel(2, 2))).Reason);
        Assert.Equal(
            "a newer word on fulfilment 7 is known", Assert.IsType<Decision.Stale>(_world.Apply(Parcel(1, 1))).Reason);
        _world.Apply(OrderWorld.Stated(3, paid: true));
        Assert.Equal(
            "the order is known as of a later time than fulfilment 7",
            Assert.IsType<Decision.Stale>(_world.Apply(Parcel(2, 2))).Reason);
        Assert.Equal(0, Elsewhere);
    }

    [Fact]
    public void What_a_newer_snapshot_shows_is_kept_no_longer()
    {
        _world.Apply(Parcel(2, 2));
        _world.Apply(Parcel(4, 1, id: "8"));
        _world.Apply(OrderWorld.Stated(3, paid: true));

        Assert.Equal("8", Assert.Single(_world.Order.Fulfilments).Fulfilment.Id);
        _world.Apply(OrderWorld.Stated(5, paid: true));
        Assert.Empty(_world.Order.Fulfilments);
    }

    [Fact]
    public void A_parcel_that_the_snapshot_of_its_second_lists_too_counts_once()
    {
        var stated = OrderWorld.Stated(2, paid: true);
        _world.Apply(stated with { Snapshot = stated.Snapshot with { Fulfilments = [Parcel(2, 2).Fulfilment] } });
        _world.Apply(Parcel(2, 2));

        Assert.Equal(2, Elsewhere);
    }

    [Fact]
    public void A_number_that_is_told_later_makes_it_one_of_ours()
    {
        _world.Apply(OrderWorld.Stated(0, paid: true));
        _world.AnswerAll();
        _world.Apply(new ShipmentMade(OrderWorld.Key, new Shipment
        {
            ShipmentId = "p1",
            Reference = _world.Order.Releases[0].Reference,
            TrackingNumber = "T1",
            Lines = [new ShippedLine("1", 2)],
            ShippedAt = OrderWorld.Noon,
        }));
        _world.Apply(Parcel(1, 2));
        Assert.Equal(2, _world.Order.Excess["1"]);

        _world.Apply(Parcel(2, 2, numbers: "t 1"));
        Assert.Equal((0, 0), (Elsewhere, _world.Order.Excess.GetValueOrDefault("1")));
    }

    [Fact]
    public void More_than_was_sold_is_an_excess_though_we_have_sent_nothing()
    {
        _world.Apply(OrderWorld.Stated(0, paid: true));
        _world.Apply(Parcel(1, 5));

        Assert.Equal(3, _world.Order.Excess["1"]);
    }

    private int Elsewhere => OrderFacts.WantedLines(_world.Order).Sum(line => line.Elsewhere);

    private static FulfilmentStated Parcel(int second, int units, string id = "7", params string[] numbers) => new(
        OrderWorld.Key, new Fulfilment(id, numbers, [new ShippedLine("1", units)]), OrderWorld.Noon.AddSeconds(second));
}
