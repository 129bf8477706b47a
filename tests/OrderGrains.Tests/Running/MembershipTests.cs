using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace OrderGrains.Tests.Running;

public sealed class MembershipTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Membership _membership;

    public MembershipTests() => _membership = new Membership(_time, TimeSpan.FromSeconds(4));

    [Fact]
    public void A_pause_of_two_seconds_and_a_look_that_comes_a_second_late_leave_no_doubt()
    {
        _membership.Begin();
        for (var i = 0; i < 100; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(3));
            Assert.True(_membership.IsCertain);
        }
    }

    [Fact]
    public void After_a_standstill_it_is_uncertain_for_everyone_until_the_membership_was_read_after_it()
    {
        _membership.Begin();
        var early = _membership.Doubt();
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.False(_membership.IsCertain);
        Assert.False(_membership.IsCertain);
        Assert.Equal(TimeSpan.FromSeconds(15), _membership.Lasted);
        _membership.Settle(early);
        Assert.False(_membership.IsCertain);

        _membership.Settle(_membership.Doubt());
        Assert.True(_membership.IsCertain);
    }

    [Fact]
    public void A_standstill_while_the_membership_is_read_is_a_doubt_of_its_own()
    {
        _membership.Begin();
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.False(_membership.IsCertain);
        var doubt = _membership.Doubt();
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.False(_membership.IsCertain);

        _membership.Settle(doubt);
        Assert.False(_membership.IsCertain);
    }

    [Fact]
    public void A_machine_that_was_suspended_is_noticed_by_the_date_alone()
    {
        var clocks = new SuspendedClocks();
        var suspended = new Membership(clocks, TimeSpan.FromSeconds(4));
        suspended.Begin();
        clocks.Date += TimeSpan.FromSeconds(60);
        Assert.False(suspended.IsCertain);
    }

    [Fact]
    public void A_slow_start_is_no_standstill()
    {
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(_membership.IsCertain);
    }

    [Fact]
    public void A_lone_silo_is_certain_however_long_it_stood_still()
    {
        var alone = new Membership(_time);
        alone.Begin();
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(alone.IsCertain);
    }

    [Fact]
    public async Task Who_is_excluded_never_comes_back_and_the_first_reason_counts()
    {
        Assert.True(_membership.Exclude("first"));
        Assert.False(_membership.Exclude("second"));
        _membership.Settle(_membership.Doubt());
        Assert.False(_membership.IsCertain);
        Assert.Equal("first", await _membership.Excluded);
    }

    private sealed class SuspendedClocks : TimeProvider
    {
        public DateTimeOffset Date { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Date;

        public override long GetTimestamp() => 1;
    }
}
