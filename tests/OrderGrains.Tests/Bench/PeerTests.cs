using OrderGrains.Bench.Load;
using OrderGrains.Bench.Subjects;
using OrderGrains.Tests.Storage.Postgres;
using Xunit;

namespace OrderGrains.Tests.Bench;

/// <summary>The peers do the product's job, in processes of their own, and the bench's audit finds nothing.</summary>
public sealed class PeerTests
{
    private const int Orders = 50;
    private const int ScarceUnits = 5;

    private static readonly TimeSpan ArrivalMax = TimeSpan.FromSeconds(30);
    private static readonly OrderShape Small = OrderShape.Ordinary with { Skus = 20 };

    public static TheoryData<string> WholePath => [.. Subject.WholePath.Select(subject => subject.Name)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(WholePath))]
    public async Task Every_order_reaches_the_warehouse_once(string name)
    {
        await using var world = await OpenAsync(name, Small);
        await world.SeedAsync(Cancellation);
        await SendAsync(world);

        Assert.Empty(await WorldAuditor.AuditOrdersAsync(world, ArrivalMax, null, Cancellation));
        Assert.Equal(Orders, (await world.Warehouse.WitnessAsync(Cancellation)).Orders);
    }

    [Theory, MemberData(nameof(WholePath))]
    public async Task No_more_units_are_sold_than_there_are(string name)
    {
        await using var world = await OpenAsync(name, OrderShape.Hot);
        await world.Running.SeedAsync(OrderShape.Hot.AllSkus, ScarceUnits, Cancellation);
        await SendAsync(world);

        Assert.Equal(ScarceUnits, await world.Warehouse.WaitForAsync(ScarceUnits, ArrivalMax, Cancellation));
        var stock = await world.Running.FindStockAsync(OrderShape.Sku(0), Cancellation);
        Assert.Equal((ScarceUnits, ScarceUnits), (stock?.OnHand, stock?.Reserved));
    }

    [Theory, InlineData(Subject.FloorName), InlineData(Subject.InsertName)]
    public async Task What_is_acknowledged_is_counted(string name)
    {
        await using var world = await OpenAsync(name, Small);
        await SendAsync(world);

        Assert.Empty(await WorldAuditor.AuditReceiptsAsync(world, Cancellation));
        if (world.Subject.CountSql is { } count) Assert.Equal(Orders, await world.Database.ScalarAsync(count));
    }

    private static async Task<World> OpenAsync(string name, OrderShape shape)
    {
        var subject = Subject.WholePath.Concat([Subject.Floor, Subject.Insert]).First(each => each.Name == name);
        var server = await SharedPostgres.Instance.AdminAsync();
        var world = await World.OpenAsync(server, subject, shape, TimeProvider.System, Cancellation);
        try
        {
            await world.StartSubjectAsync(hold: false, Cancellation);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    private static async Task SendAsync(World world)
    {
        world.Orders.Prepare(Orders);
        var load = world.Note(await world.Load.ClosedAsync(4, ArrivalMax, admit: null, Cancellation));
        Assert.Empty(load.Refused);
        Assert.Equal(Orders, world.Acknowledged.Count);
    }
}
