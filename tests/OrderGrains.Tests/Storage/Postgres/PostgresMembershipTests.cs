using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrderGrains.Storage.Postgres;
using Orleans.Configuration;
using Orleans.Messaging;
using Xunit;

namespace OrderGrains.Tests.Storage.Postgres;

/// <summary>
/// Who is in the cluster, by Orleans' own provider over our statements, without a silo that joins in.
/// </summary>
public sealed class PostgresMembershipTests(SharedPostgres server) : IAsyncLifetime
{
    private static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string _database = "";
    private WebApplication _host = null!;
    private IMembershipTable _table = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync();
        _host = PostgresSilo.Build(_database);
        _table = _host.Services.GetRequiredService<IMembershipTable>();
        await _table.InitializeMembershipTableAsync(tryInitTableVersion: true, Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await server.DropDatabaseAsync(_database);
    }

    [Fact]
    public async Task A_member_is_read_as_it_was_written()
    {
        var entry = Entry(1, SiloStatus.Joining);
        Assert.True(await _table.InsertRowAsync(entry, await NextAsync(), Cancelled));
        Assert.False(await _table.InsertRowAsync(entry, await NextAsync(), Cancelled));

        entry.Status = SiloStatus.Active;
        entry.AddSuspector(Entry(2).SiloAddress, Noon);
        entry.IAmAliveTime = Noon.AddMinutes(1);
        var read = await _table.ReadRowAsync(entry.SiloAddress, Cancelled);
        Assert.True(await _table.UpdateRowAsync(entry, read.Members[0].Item2, Next(read), Cancelled));
        entry.IAmAliveTime = Noon.AddMinutes(2);
        await _table.UpdateIAmAliveAsync(entry, Cancelled);

        var (kept, _) = Assert.Single((await _table.ReadAllAsync(Cancelled)).Members);
        Assert.Equal(
            (entry.SiloAddress, "silo1", "host", SiloStatus.Active, 30001, Noon, Noon.AddMinutes(2)),
            (kept.SiloAddress, kept.SiloName, kept.HostName, kept.Status, kept.ProxyPort, kept.StartTime,
                kept.IAmAliveTime));
        Assert.Equal(entry.SuspectTimes, kept.SuspectTimes);
        Assert.Empty((await _table.ReadRowAsync(Entry(2).SiloAddress, Cancelled)).Members);
    }

    [Fact]
    public async Task Of_members_that_join_at_the_same_version_one_does()
    {
        var next = await NextAsync();

        var joined = await Task.WhenAll(Enumerable.Range(1, 8).Select(at =>
            _table.InsertRowAsync(Entry(at), next, Cancelled)));

        Assert.Single(joined, did => did);
        var all = await _table.ReadAllAsync(Cancelled);
        Assert.Equal((1, next.Version), (all.Members.Count, all.Version.Version));
    }

    [Fact]
    public async Task Of_changes_that_saw_the_same_version_one_takes_effect()
    {
        Assert.True(await _table.InsertRowAsync(Entry(1), await NextAsync(), Cancelled));
        var seen = await _table.ReadAllAsync(Cancelled);
        SiloStatus[] wanted = [SiloStatus.ShuttingDown, SiloStatus.Stopping, SiloStatus.Dead];

        var changed = await Task.WhenAll(wanted.Select(status =>
            _table.UpdateRowAsync(Entry(1, status), seen.Members[0].Item2, Next(seen), Cancelled)));

        var winner = wanted[Array.IndexOf(changed, value: true)];
        Assert.Single(changed, did => did);
        var now = await _table.ReadAllAsync(Cancelled);
        Assert.Equal((winner, seen.Version.Version + 1), (now.Members[0].Item1.Status, now.Version.Version));
        Assert.False(await _table.UpdateRowAsync(Entry(2), "", Next(now), Cancelled), "there is no such member");
        Assert.Equal(now.Version.Version, (await _table.ReadAllAsync(Cancelled)).Version.Version);
    }

    [Fact]
    public async Task Members_that_are_long_dead_are_cleaned_up()
    {
        foreach (var (at, status) in new[] { (1, SiloStatus.Active), (2, SiloStatus.Dead), (3, SiloStatus.Dead) })
            Assert.True(await _table.InsertRowAsync(Entry(at, status), await NextAsync(), Cancelled));
        var late = Entry(3, SiloStatus.Dead);
        late.IAmAliveTime = Noon.AddDays(1);
        await _table.UpdateIAmAliveAsync(late, Cancelled);

        await _table.CleanupDefunctSiloEntriesAsync(new DateTimeOffset(Noon.AddHours(1)), Cancelled);

        Assert.Equal(["silo1", "silo3"],
            (await _table.ReadAllAsync(Cancelled)).Members.Select(member => member.Item1.SiloName)
                .Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_gateway_finds_the_silos_that_are_active()
    {
        foreach (var (at, status) in new[] { (1, SiloStatus.Active), (2, SiloStatus.Dead), (3, SiloStatus.Joining) })
            Assert.True(await _table.InsertRowAsync(Entry(at, status), await NextAsync(), Cancelled));
        var builder = WebApplication.CreateSlimBuilder();
        builder.UseOrleansClient(client => client
            .AddPostgresOrleans(_database)
            .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = ("tests", "tests")));
        await using var gateway = builder.Build();
        var gateways = gateway.Services.GetRequiredService<IGatewayListProvider>();
        await gateways.InitializeGatewayListProviderAsync(Cancelled);

        Assert.Equal([30001], (await gateways.GetGatewaysAsync(Cancelled)).Select(found => found.Port));
    }

    [Fact]
    public async Task A_cluster_can_be_forgotten_whole()
    {
        Assert.True(await _table.InsertRowAsync(Entry(1), await NextAsync(), Cancelled));

        await _table.DeleteMembershipTableEntriesAsync("tests", Cancelled);

        await _table.InitializeMembershipTableAsync(tryInitTableVersion: true, Cancelled);
        var all = await _table.ReadAllAsync(Cancelled);
        Assert.Equal((0, 0), (all.Members.Count, all.Version.Version));
    }

    private async Task<TableVersion> NextAsync() => Next(await _table.ReadAllAsync(Cancelled));

    private static TableVersion Next(MembershipTableData seen) => seen.Version.Next();

    private static MembershipEntry Entry(int at, SiloStatus status = SiloStatus.Active) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, 20000 + at, 7),
        SiloName = $"silo{at}",
        HostName = "host",
        Status = status,
        ProxyPort = 30000 + at,
        StartTime = Noon,
        IAmAliveTime = Noon,
    };
}
