using System.Net;
using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrderGrains.Ingress;
using OrderGrains.Tests.Console;
using OrderGrains.Tests.Silos;
using Xunit;

namespace OrderGrains.Tests.Running;

/// <summary>What a silo that stood still makes of the others' table.</summary>
public sealed class MembershipWatchTests : IAsyncLifetime
{
    private static readonly SiloAddress OwnAddress = SiloAddress.New(IPAddress.Loopback, 11111, 1);
    private readonly FakeTimeProvider _time = new();
    private readonly IMembershipTable _table = DispatchProxy.Create<IMembershipTable, ScriptedTable>();
    private Membership _membership = null!;
    private InboxPump _pump = null!;
    private MembershipWatch _watch = null!;

    private ScriptedTable Table => (ScriptedTable)(object)_table;

    public async ValueTask InitializeAsync()
    {
        _membership = new Membership(_time, MembershipWatch.Tolerated);
        _pump = new InboxPump(
            new FakeInbox(), router: null!, fetches: null!, new IngressOptions(),
            new Sources(new Dictionary<string, Source>(StringComparer.Ordinal)), _time,
            NullLogger<InboxPump>.Instance);
        _watch = new MembershipWatch(
            _membership, _table, new ThisSilo(), _pump, _time, NullLogger<MembershipWatch>.Instance);
        await _watch.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _watch.StopAsync(TestContext.Current.CancellationToken);
        _watch.Dispose();
        _pump.Dispose();
    }

    [Fact]
    public async Task A_silo_that_is_still_a_member_goes_on_as_soon_as_the_table_could_be_read()
    {
        Table.Answer = () => Row(SiloStatus.Active);
        _time.Advance(TimeSpan.FromSeconds(15));
        await LaterAsync(() => _membership.IsCertain);
        Assert.Equal(1, Table.Reads);
    }

    [Fact]
    public async Task A_silo_that_was_declared_dead_is_excluded()
    {
        Table.Answer = () => Row(SiloStatus.Dead);
        _time.Advance(TimeSpan.FromSeconds(15));
        await LaterAsync(() => _membership.Excluded.IsCompleted);
        Assert.Equal("the others declared this silo dead while it stood still", await _membership.Excluded);
        Assert.False(_membership.IsCertain);
    }

    [Fact]
    public async Task A_silo_whose_row_was_deleted_meanwhile_is_excluded()
    {
        Table.Answer = () => Task.FromResult(new MembershipTableData(new TableVersion(9, "9")));
        _time.Advance(TimeSpan.FromDays(2));
        await LaterAsync(() => _membership.Excluded.IsCompleted);
    }

    [Fact]
    public async Task A_silo_that_cannot_read_the_table_stays_in_doubt_until_it_can()
    {
        Table.Answer = () => Task.FromException<MembershipTableData>(new TimeoutException("The link is gone."));
        _time.Advance(TimeSpan.FromSeconds(15));
        await LaterAsync(() => Table.Reads >= 20);
        Assert.False(_membership.IsCertain);

        Table.Answer = () => Row(SiloStatus.Active);
        await LaterAsync(() => _membership.IsCertain);
        Assert.False(_membership.Excluded.IsCompleted);
    }

    [Fact]
    public async Task A_read_that_hangs_is_given_up_and_begun_anew()
    {
        Table.Answer = () => new TaskCompletionSource<MembershipTableData>().Task;
        _time.Advance(TimeSpan.FromSeconds(15));
        await LaterAsync(() => Table.Reads == 1);
        Table.Answer = () => Row(SiloStatus.Active);
        await LaterAsync(() => _membership.IsCertain);
        Assert.Equal(2, Table.Reads);
    }

    [Fact]
    public async Task A_silo_that_runs_reads_nothing()
    {
        for (var i = 0; i < 100; i++)
            _time.Advance(TimeSpan.FromSeconds(2));
        await _watch.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, Table.Reads);
    }

    private Task LaterAsync(Func<bool> comes) => Eventually.TrueAsync(() =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(500));
        return comes();
    });

    private static Task<MembershipTableData> Row(SiloStatus status) => Task.FromResult(new MembershipTableData(
        Tuple.Create(new MembershipEntry { SiloAddress = OwnAddress, Status = status }, "1"),
        new TableVersion(9, "9")));

    /// <summary>It is only ever asked for one row.</summary>
    public class ScriptedTable : DispatchProxy
    {
        private int _reads;

        public Func<Task<MembershipTableData>> Answer { get; set; } = null!;

        public int Reads => Volatile.Read(ref _reads);

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Assert.Equal((nameof(IMembershipTable.ReadRowAsync), OwnAddress), (targetMethod!.Name, args![0]));
            Interlocked.Increment(ref _reads);
            return Answer();
        }
    }

    private sealed class ThisSilo : ILocalSiloDetails
    {
        public string Name => "this";
        public string ClusterId => "tests";
        public string DnsHostName => "localhost";
        public SiloAddress SiloAddress => OwnAddress;
        public SiloAddress GatewayAddress => OwnAddress;
    }
}
