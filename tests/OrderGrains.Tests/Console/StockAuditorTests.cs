using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrderGrains.Console;
using Xunit;

namespace OrderGrains.Tests.Console;

public sealed class StockAuditorTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(ConsoleHost.Now);
    private readonly FakeStock _stock = new();
    private readonly StockAuditor _auditor;

    public StockAuditorTests() => _auditor = new(_stock, _time, NullLogger<StockAuditor>.Instance);

    public void Dispose() => _auditor.Dispose();

    [Fact]
    public async Task While_it_is_quick_who_asks_hears_what_is_there_now()
    {
        Assert.Equal(0, (await _auditor.FindAsync()).Stock.Oversold);
        _stock.Audit = _stock.Audit with { Oversold = 1 };
        Assert.Equal(1, (await _auditor.FindAsync()).Stock.Oversold);
    }

    [Fact]
    public async Task When_it_is_slow_nobody_waits_once_something_was_found_and_the_next_hears_more()
    {
        await _auditor.FindAsync();
        _stock.Audit = _stock.Audit with { Oversold = 1 };
        _stock.AuditGate = new TaskCompletionSource();

        var asked = _auditor.FindAsync();
        Assert.False(asked.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(60));
        Assert.Equal((0, ConsoleHost.Now), ((await asked).Stock.Oversold, (await asked).CountedAt));

        _stock.AuditGate.SetResult();
        while ((await _auditor.FindAsync()).Stock.Oversold == 0)
            await Task.Yield();

        // It took 60 ms: a tenth of the time is what it may take.
        _stock.Audit = _stock.Audit with { Oversold = 2 };
        Assert.Equal(1, (await _auditor.FindAsync()).Stock.Oversold);
        _time.Advance(TimeSpan.FromMilliseconds(600));
        Assert.Equal(2, (await _auditor.FindAsync()).Stock.Oversold);
    }

    [Fact]
    public async Task The_first_who_asks_waits()
    {
        _stock.AuditGate = new TaskCompletionSource();
        var asked = _auditor.FindAsync();
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(asked.IsCompleted);
        _stock.AuditGate.SetResult();
        Assert.Equal(0, (await asked).Stock.Oversold);
    }
}
