using Microsoft.Extensions.Time.Testing;
using OrderGrains.Ingress;
using OrderGrains.Tests.Console;
using OrderGrains.Tests.Silos;
using Xunit;

namespace OrderGrains.Tests.Ingress;

public sealed class SourceGateTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeInbox _inbox = new();
    private readonly Source _bounded = NewSource("bounded", new SourceLimits(1, null, 1, PendingMax: 3));
    private readonly Source _fast = NewSource("fast", new SourceLimits(1, PerSecondMax: 2, AtOnceMax: 4, null));
    private readonly Source _free = NewSource("free", SourceLimits.None);
    private readonly SourceGate _gate;

    public SourceGateTests() => _gate = new SourceGate(
        new Sources(new[] { _bounded, _fast, _free }.ToDictionary(s => s.Name, StringComparer.Ordinal)), _inbox, _time);

    public async ValueTask InitializeAsync()
    {
        await _gate.StartAsync(TestContext.Current.CancellationToken);
        // It counts at once, and then what came since is not counted twice.
        await Eventually.TrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            return _inbox.PendingCounts > 1;
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _gate.StopAsync(TestContext.Current.CancellationToken);
        _gate.Dispose();
    }

    [Fact]
    public void So_many_at_once_and_then_so_many_a_second()
    {
        for (var at = 0; at < 4; at++)
            Assert.Null(_gate.Enter(_fast, out _));
        Assert.Equal(TimeSpan.FromSeconds(0.5), _gate.Enter(_fast, out var tooFast));
        Assert.True(tooFast);

        _time.Advance(TimeSpan.FromSeconds(0.5));

        Assert.Null(_gate.Enter(_fast, out _));
        Assert.NotNull(_gate.Enter(_fast, out _));
    }

    [Fact]
    public async Task So_many_without_an_outcome_and_then_none_until_some_have_one()
    {
        for (var at = 0; at < 3; at++)
            Assert.Null(_gate.Enter(_bounded, out _));
        Assert.NotNull(_gate.Enter(_bounded, out var tooFast));
        Assert.False(tooFast);

        _inbox.Pending["bounded"] = 2;

        await Eventually.TrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            return _gate.Enter(_bounded, out _) is null;
        });
    }

    [Fact]
    public void Who_has_no_limits_never_waits() =>
        Assert.All(Enumerable.Range(0, 10_000), _ => Assert.Null(_gate.Enter(_free, out var _)));

    private static Source NewSource(string name, SourceLimits limits) => new(name, null!, []) { Limits = limits };
}
