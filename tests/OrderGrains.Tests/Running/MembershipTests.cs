using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace OrderGrains.Tests.Running;

public sealed class MembershipTests
{
    private readonly FakeTimeProvider time = new();
    private readonly Membership membership;

    public MembershipTests() => membership = new Membership(time, TimeSpan.FromSeconds(4));

    [Fact]
    public void A_pause_of_two_seconds_and_a_look_that_comes_a_second_late_leave_no_doubt()
    {
        membership.Begin();
        for (var i = 0; i < 100; i++)
        {
            time.Advance(TimeSpan.FromSeconds(3));
            Assert.True(membership.IsCertain);
        }
    }

    [Fact]
    public void After_a_standstill_it_is_uncertain_for_everyone_until_the_membership_was_read_after_it()
    {
        membership.Begin();
        var early = membership.Doubt();
        time.Advance(TimeSpan.FromSeconds(15));
        Assert.False(membership.IsCertain);
        Assert.False(membership.IsCertain);
        Assert.Equal(TimeSpan.FromSeconds(15), membership.Lasted);
        membership.Settle(early);
        Assert.False(membership.IsCertain);

        membership.Settle(membership.Doubt());
        Assert.True(membership.IsCertain);
    }

    [Fact]
    public void A_standstill_while_the_membership_is_read_is_a_doubt_of_its_own()
    {
        membership.Begin();
        time.Advance(TimeSpan.FromSeconds(15));
        Assert.False(membership.IsCertain);
        var doubt = membership.Doubt();
        time.Advance(TimeSpan.FromSeconds(15));
        Assert.False(membership.IsCertain);

        membership.Settle(doubt);
        Assert.False(membership.IsCertain);
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
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(membership.IsCertain);
    }

    [Fact]
    public void A_lone_silo_is_certain_however_long_it_stood_still()
    {
        var alone = new Membership(time);
        alone.Begin();
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(alone.IsCertain);
    }

    [Fact]
    public async Task Who_is_excluded_never_comes_back_and_the_first_reason_counts()
    {
        Assert.True(membership.Exclude("first"));
        Assert.False(membership.Exclude("second"));
        membership.Settle(membership.Doubt());
        Assert.False(membership.IsCertain);
        Assert.Equal("first", await membership.Excluded);
    }

    private sealed class SuspendedClocks : TimeProvider
    {
        public DateTimeOffset Date { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Date;

        public override long GetTimestamp() => 1;
    }
}
