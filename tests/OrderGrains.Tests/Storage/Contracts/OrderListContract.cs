using OrderGrains.Orders;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Storage.Contracts;

public abstract class OrderListContract : StorageContract
{
    private static readonly OrderFilter All = new();

    [Fact]
    public async Task Pages_run_from_the_last_changed_and_neither_skip_nor_repeat_when_orders_arrive_between()
    {
        // Two orders of one moment lie on both sides of a page's end, and no status has them all.
        await PlaceAsync("1", 0, OrderStatus.Shipped);
        await PlaceAsync("2", 1, OrderStatus.Cancelled);
        await PlaceAsync("3", 1, OrderStatus.Shipped);
        await PlaceAsync("4", 2, OrderStatus.Released);
        await PlaceAsync("5", 3, OrderStatus.Shipped);

        var first = await Storage.Orders.ListAsync(All, new PageRequest(3, null));
        await PlaceAsync("6", 9);
        var second = await Storage.Orders.ListAsync(All, new PageRequest(3, first.NextCursor));

        Assert.Equal(
            ["5", "4", "3", "2", "1"], first.Items.Concat(second.Items).Select(row => row.Key.OrderId),
            StringComparer.Ordinal);
        Assert.Null(second.NextCursor);
    }

    [Fact]
    public async Task A_row_shows_what_was_committed()
    {
        await PlaceAsync("1", 5, OrderStatus.PartiallyShipped);

        Assert.Equal(
            new OrderRow(new OrderKey("acme", "1"), "#1001", OrderStatus.PartiallyShipped, 1, Now, Now.AddSeconds(5)),
            Assert.Single((await Storage.Orders.ListAsync(All, FirstPage)).Items));
    }

    [Fact]
    public async Task A_filter_narrows_the_list()
    {
        await PlaceAsync("1", 1, OrderStatus.OnHold);
        await PlaceAsync("2", 2, source: "west");

        Assert.Equal(["1"], await IdsAsync(All with { Status = OrderStatus.OnHold }), StringComparer.Ordinal);
        Assert.Equal(["2"], await IdsAsync(All with { Source = "west" }), StringComparer.Ordinal);
        Assert.Equal(["2"], await IdsAsync(All with { Since = Now.AddSeconds(2) }), StringComparer.Ordinal);
        Assert.Empty(await IdsAsync(All with { Status = OrderStatus.OnHold, Source = "west" }));
    }

    [Theory]
    [InlineData("#1001")]
    [InlineData("1001")]
    [InlineData("100")]
    [InlineData("gid-77")]
    [InlineData("GID-7")]
    public async Task An_order_is_found_by_the_beginning_of_its_number_or_id(string query)
    {
        await PlaceAsync("Gid-77", 1, number: "#1001");
        await PlaceAsync("88", 2, number: "#2001");

        Assert.Equal(["Gid-77"], await IdsAsync(All with { Query = query }), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("%")]
    [InlineData("_001")]
    [InlineData("001")]
    public async Task A_query_is_no_pattern_and_no_part(string query)
    {
        await PlaceAsync("77", 1, number: "#1001");

        Assert.Empty(await IdsAsync(All with { Query = query }));
    }

    [Fact]
    public async Task A_number_in_any_script_and_case_is_found()
    {
        await PlaceAsync("77", 1, number: "ÄÖ-5%");

        Assert.Equal(["77"], await IdsAsync(All with { Query = "äö-5%" }), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("!")]
    [InlineData("YQ")]
    [InlineData("YR9i")]
    public Task A_malformed_cursor_is_refused(string cursor) => Assert.ThrowsAsync<FormatException>(
        () => Storage.Orders.ListAsync(All, new PageRequest(2, cursor)));

    private async Task PlaceAsync(
        string id, int second, OrderStatus status = OrderStatus.Received, string source = "acme",
        string number = "#1001") =>
        Assert.True(await Storage.Orders.CommitAsync(
            Placed(new OrderKey(source, id), status, number) with { At = Now.AddSeconds(second) }));

    private async Task<IEnumerable<string>> IdsAsync(OrderFilter filter) =>
        (await Storage.Orders.ListAsync(filter, FirstPage)).Items.Select(row => row.Key.OrderId);
}
