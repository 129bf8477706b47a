using OrderGrains.Ingress;
using Xunit;

namespace OrderGrains.Tests.Ingress;

public sealed class FairSlotsTests
{
    private readonly FairSlots _slots = new(8);

    private static CancellationToken Never => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_comes_while_another_floods_waits_for_nothing_that_came_before()
    {
        var flood = Enumerable.Range(0, 1_000).Select(_ => Enter("flood")).ToArray();
        Assert.Equal(4, flood.Count(entered => entered.IsCompleted));

        var quiet = Enter("quiet");

        Assert.True(quiet.IsCompleted);
        _slots.Leave("quiet");
        _slots.Leave("flood");
        await flood[4].WaitAsync(Never);
        Assert.Equal(5, flood.Count(entered => entered.IsCompleted));
    }

    [Fact]
    public async Task Lines_are_served_in_turn()
    {
        var slots = new FairSlots(2);
        await Enter("x", slots);
        await Enter("y", slots);
        var (first, second, other) = (Enter("one", slots), Enter("one", slots), Enter("two", slots));

        slots.Leave("x");
        await first.WaitAsync(Never);
        slots.Leave("y");
        await other.WaitAsync(Never);

        Assert.False(second.IsCompleted);
        slots.Leave("one");
        await second.WaitAsync(Never);
    }

    [Fact]
    public async Task Who_gives_up_takes_no_slot()
    {
        using var giveUp = new CancellationTokenSource();
        for (var at = 0; at < 4; at++)
            await Enter("one");
        var given = _slots.EnterAsync("one", giveUp.Token).AsTask();
        var next = Enter("one");

        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        _slots.Leave("one");

        await next.WaitAsync(Never);
        for (var at = 0; at < 4; at++)
            _slots.Leave("one");
        Assert.Equal(4, Enumerable.Range(0, 8).Count(_ => Enter("one").IsCompleted));
    }

    [Fact]
    public async Task A_line_that_gave_up_hides_no_other()
    {
        var slots = new FairSlots(1);
        using var giveUp = new CancellationTokenSource();
        await Enter("one", slots);
        var given = new[]
        {
            slots.EnterAsync("one", giveUp.Token).AsTask(), slots.EnterAsync("two", giveUp.Token).AsTask(),
        };
        await giveUp.CancelAsync();
        foreach (var task in given)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        var two = Enter("two", slots);

        slots.Leave("one");

        await two.WaitAsync(TimeSpan.FromSeconds(30), Never);
    }

    [Fact]
    public async Task Everybody_gets_in_in_the_end_and_never_too_many_at_once()
    {
        var (inside, most, done) = (0, 0, 0);
        await Task.WhenAll(Enumerable.Range(0, 2_000).Select(at => Task.Run(
            async () =>
            {
                var source = $"{at % 5}";
                await _slots.EnterAsync(source, Never);
                var now = Interlocked.Increment(ref inside);
                InterlockedMax(ref most, now);
                await Task.Yield();
                Interlocked.Decrement(ref inside);
                _slots.Leave(source);
                Interlocked.Increment(ref done);
            },
            Never)));

        Assert.Equal(2_000, done);
        Assert.InRange(most, 1, 8);
    }

    private static void InterlockedMax(ref int most, int now)
    {
        for (var before = most; now > before; before = most)
            Interlocked.CompareExchange(ref most, now, before);
    }

    private Task Enter(string source, FairSlots? slots = null) => (slots ?? _slots).EnterAsync(source, Never).AsTask();
}
