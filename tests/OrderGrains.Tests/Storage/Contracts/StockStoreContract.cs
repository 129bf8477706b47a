using OrderGrains.Inventory;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Storage.Contracts;

public abstract class StockStoreContract : StorageContract
{
    private static readonly StockMovement Count = new("count-1", MovementKind.Counted, 10, 10, "counted", Now);

    [Fact]
    public async Task Unknown_stock_loads_empty()
    {
        var stored = await Storage.Stock.LoadAsync(Shirt);

        Assert.Equal(default, stored.Level);
        Assert.Empty(stored.Held);
        Assert.Null(await Storage.Stock.FindAsync(Shirt));
        Assert.Null(await Storage.Stock.FindReservationAsync(Shirt, Order, "1"));
        Assert.False(await Storage.Stock.HasMovementAsync(Shirt, Count.Id));
    }

    [Fact]
    public async Task A_commit_writes_level_reservations_and_movements_together()
    {
        var held = Open(Order, 3);
        Assert.True(await Storage.Stock.CommitAsync(
            Level(Shirt, 0, 10, 3) with { Reservations = [held], Movements = [Count] }));

        await Storage.ReopenAsync();

        var stored = await Storage.Stock.LoadAsync(Shirt);
        Assert.Equal(new StockLevel(10, 3, 1, Now), stored.Level);
        Assert.Equal([held], stored.Held);
        Assert.Equal(held, await Storage.Stock.FindReservationAsync(Shirt, Order, "1"));
        Assert.True(await Storage.Stock.HasMovementAsync(Shirt, Count.Id));
    }

    [Fact]
    public async Task Stocks_that_are_one_place_to_a_shop_have_one_open_message()
    {
        var other = Shirt with { Location = "west" };
        for (var version = 0; version < 10; version++)
        {
            // In one group, or in two at once.
            var written = await Task.WhenAll(
                Storage.Stock.CommitAsync(Level(Shirt, version, 10 + version, 0) with { Messages = [News(Shirt)] }),
                Storage.Stock.CommitAsync(Level(other, version, 20 + version, 0) with { Messages = [News(other)] }));
            Assert.All(written, Assert.True);
        }

        Assert.Single(await Storage.Outbox.DueAsync("shop", Now.AddSeconds(2), 10));

        static OutboundMessage News(StockKey key) => new()
        {
            Id = Guid.CreateVersion7(Now),
            Destination = "shop",
            Kind = MessageKind.Stock,
            Subject = Subject.Of(key),
            SequenceKey = "stock 1/SHIRT",
            CoalescingKey = "stock 1/SHIRT",
            CreatedAt = Now,
            NextAttemptAt = Now,
        };
    }

    [Fact]
    public async Task A_finished_reservation_is_found_and_not_loaded()
    {
        var consumed = Open(Order, 0) with { State = ReservationState.Consumed, Consumed = 3 };
        await Storage.Stock.CommitAsync(Level(Shirt, 0, 10, 3) with { Reservations = [Open(Order, 3)] });
        await Storage.Stock.CommitAsync(Level(Shirt, 1, 7, 0) with { Reservations = [consumed] });

        Assert.Empty((await Storage.Stock.LoadAsync(Shirt)).Held);
        Assert.Equal(consumed, await Storage.Stock.FindReservationAsync(Shirt, Order, "1"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public async Task A_version_conflict_writes_nothing(long expected)
    {
        await Storage.Stock.CommitAsync(Level(Shirt, 0, 10, 0));

        Assert.False(await Storage.Stock.CommitAsync(
            Level(Shirt, expected, 99, 3) with { Reservations = [Open(Order, 3)], Movements = [Count] }));

        var stored = await Storage.Stock.LoadAsync(Shirt);
        Assert.Equal(new StockLevel(10, 0, 1, Now), stored.Level);
        Assert.Empty(stored.Held);
        Assert.False(await Storage.Stock.HasMovementAsync(Shirt, Count.Id));
    }

    [Theory]
    [InlineData(2, 3, "stock_reserved_within_on_hand")]
    [InlineData(2, -1, "stock_reserved_not_negative")]
    [InlineData(-1, -1, "stock_on_hand_not_negative")]
    public async Task The_database_itself_refuses_to_oversell(int onHand, int reserved, string rule)
    {
        var refused = await Assert.ThrowsAsync<StorageException>(
            () => Storage.Stock.CommitAsync(
                Level(Shirt, 0, onHand, reserved) with { Reservations = [Open(Order, 3)] }));

        Assert.Contains(rule, refused.Message, StringComparison.Ordinal);
        Assert.Null(await Storage.Stock.FindReservationAsync(Shirt, Order, "1"));
    }

    [Fact]
    public async Task One_oversold_commit_in_a_group_fails_alone()
    {
        var keys = Enumerable.Range(0, 3).Select(at => new StockKey("east", $"{at}")).ToArray();
        Task<bool>[] group;
        using (await Storage.HoldWriterAsync())
            group = [.. keys.Select(key => Storage.Stock.CommitAsync(Level(key, 0, 5, key == keys[1] ? 6 : 5)))];

        Assert.True(await group[0]);
        await Assert.ThrowsAsync<StorageException>(() => group[1]);
        Assert.True(await group[2]);
        Assert.Equal(2, (await Storage.Stock.ListAsync(new StockFilter(), FirstPage)).Items.Count);
    }

    [Fact]
    public async Task A_movement_takes_effect_once()
    {
        await Storage.Stock.CommitAsync(Level(Shirt, 0, 10, 0) with { Movements = [Count] });

        await Assert.ThrowsAsync<StorageException>(
            () => Storage.Stock.CommitAsync(Level(Shirt, 1, 20, 0) with { Movements = [Count] }));

        Assert.Equal(new StockLevel(10, 0, 1, Now), (await Storage.Stock.LoadAsync(Shirt)).Level);
    }

    [Fact]
    public async Task Many_loads_at_once_answer_each_its_own()
    {
        var keys = Enumerable.Range(0, 300)
            .Select(at => new StockKey(at % 2 == 0 ? "east" : "west", $"SKU/{at}")).ToArray();
        await Task.WhenAll(keys.Select((key, at) => Storage.Stock.CommitAsync(
            Level(key, 0, 1_000, at) with { Reservations = [Open(new OrderKey("acme", $"{at}"), at)] })));

        var loaded = await Task.WhenAll(keys.Select(Storage.Stock.LoadAsync));

        Assert.Equal(Enumerable.Range(0, 300), loaded.Select(stored => stored.Level.Reserved));
        Assert.Equal(Enumerable.Range(0, 300), loaded.Select(stored => Assert.Single(stored.Held).Quantity));
    }

    [Fact]
    public async Task The_list_shows_what_waits_in_pages_by_location_and_sku()
    {
        foreach (var key in new[] { new StockKey("west", "A"), new StockKey("east", "B"), new StockKey("east", "A") })
            await Storage.Stock.CommitAsync(Level(key, 0, 5, 0));
        var waiting = Open(Order, 0) with { State = ReservationState.Waiting, Waiting = 4 };
        await Storage.Stock.CommitAsync(Level(Shirt, 0, 5, 2) with
        {
            Reservations = [waiting, Open(Order, 2) with { LineId = "2" }, waiting with { LineId = "3" }],
        });

        var first = await Storage.Stock.ListAsync(new StockFilter(), new PageRequest(2, null));
        await Storage.Stock.CommitAsync(Level(new StockKey("east", "0"), 0, 5, 0));
        var second = await Storage.Stock.ListAsync(new StockFilter(), new PageRequest(2, first.NextCursor));

        Assert.Equal(
            ["east/A", "east/B", "east/SHIRT/M", "west/A"],
            first.Items.Concat(second.Items).Select(row => $"{row.Key}"), StringComparer.Ordinal);
        Assert.Null(second.NextCursor);
        Assert.Equal(new StockRow(Shirt, new StockLevel(5, 2, 1, Now), 8), second.Items[0]);
        Assert.Equal(second.Items[0], await Storage.Stock.FindAsync(Shirt));
    }

    [Theory]
    [InlineData("west", null, null, "west/A_1")]
    [InlineData(null, "AB1", null, "east/AB1")]
    [InlineData(null, null, "a_", "west/A_1")]
    [InlineData(null, null, "A", "east/AB1 west/A_1")]
    [InlineData(null, null, "%", "")]
    [InlineData(null, null, "1", "")]
    public async Task A_filter_narrows_the_list(string? location, string? sku, string? query, string expected)
    {
        await Storage.Stock.CommitAsync(Level(new StockKey("east", "AB1"), 0, 5, 0));
        await Storage.Stock.CommitAsync(Level(new StockKey("west", "A_1"), 0, 5, 0));

        var page = await Storage.Stock.ListAsync(new StockFilter(location, sku, query), FirstPage);

        Assert.Equal(expected, string.Join(' ', page.Items.Select(row => row.Key)));
    }

    [Fact]
    public async Task A_stock_tells_who_holds_it_who_waits_and_what_moved_last()
    {
        Assert.Null(await Storage.Stock.FindDetailAsync(Shirt, 9));
        OrderKey Named(int at) => new("acme", $"{at}");
        Reservation At(Reservation reservation, int seconds) =>
            reservation with { PlacedAt = Now.AddSeconds(seconds) };
        var waits = Open(Named(1), 0) with { State = ReservationState.Waiting, Waiting = 2 };
        var shipped = Open(Named(5), 0) with
        {
            State = ReservationState.Consumed,
            Consumed = 2,
            Move = ReservationMove.Shipped,
            Moved = 2,
        };
        await Storage.Stock.CommitAsync(Level(Shirt, 0, 6, 6) with
        {
            Level = new StockLevel(6, 6, 1, Now, Shortfall: 2),
            Reservations =
            [
                At(Open(Named(2), 2) with { AtWarehouse = 1 }, 5), At(Open(Named(3), 3), 7), At(Open(Named(4), 1), 6),
                At(waits, 9), At(waits with { Order = Named(0) }, 8),
            ],
            Movements = [Count],
        });
        await Storage.Stock.CommitAsync(Level(Shirt, 1, 6, 6) with
        {
            Reservations = [shipped],
            Movements =
            [
                new StockMovement("ship-1", MovementKind.Shipped, -2, 4, "shipment R/S", Now.AddSeconds(2))
                {
                    Order = Named(5),
                    LineId = "1",
                },
            ],
            At = Now.AddSeconds(3),
        });

        var all = (await Storage.Stock.FindDetailAsync(Shirt, 9))!;
        Assert.Equal((3, 2), (all.OpenCount, all.WaitingCount));
        Assert.Equal(["3", "4", "2"], all.Open.Select(r => r.Order.OrderId), StringComparer.Ordinal);
        Assert.Equal(1, all.Open[2].AtWarehouse);
        Assert.Equal(["0", "1"], all.Waiting.Select(r => r.Order.OrderId), StringComparer.Ordinal);
        Assert.Equal(new StockMove(Now.AddSeconds(2), "shipped", -2, "shipment R/S", Named(5), "1"), all.Moves[0]);
        Assert.Contains(new StockMove(Now, "counted", 10, "counted", null, null), all.Moves);
        Assert.Equal(7, all.Moves.Count);

        var few = (await Storage.Stock.FindDetailAsync(Shirt, 1))!;
        Assert.Equal((3, 2), (few.OpenCount, few.WaitingCount));
        Assert.Equal("3 0 shipped",
            $"{few.Open.Single().Order.OrderId} {few.Waiting.Single().Order.OrderId} {few.Moves.Single().Kind}");
    }

    [Fact]
    public async Task Units_that_were_not_counted_are_kept_and_must_all_be_reserved()
    {
        var level = new StockLevel(5, 5, 1, Now, Shortfall: 2);
        await Storage.Stock.CommitAsync(Level(Shirt, 0, 5, 5) with { Level = level });
        Assert.Equal(level, (await Storage.Stock.LoadAsync(Shirt)).Level);
        Assert.Equal(2, (await Storage.Stock.FindAsync(Shirt))!.Level.Shortfall);

        var refused = await Assert.ThrowsAsync<StorageException>(() => Storage.Stock.CommitAsync(
            Level(Shirt, 1, 5, 4) with { Level = new StockLevel(5, 4, 2, Now, Shortfall: 1) }));
        Assert.Contains("stock_shortfall_is_reserved", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public Task A_malformed_cursor_is_refused() => Assert.ThrowsAsync<FormatException>(
        () => Storage.Stock.ListAsync(new StockFilter(), new PageRequest(2, "YQ")));
}
