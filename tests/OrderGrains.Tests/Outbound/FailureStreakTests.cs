using CsCheck;
using OrderGrains.Outbound;
using Xunit;

namespace OrderGrains.Tests.Outbound;

public sealed class FailureStreakTests
{
    private static readonly Gen<Guid> Message = Gen.Int[0, 9].Select(number => new Guid(number, 0, 0, new byte[8]));

    private readonly FailureStreak _streak = new();
    private int _messages;

    [Fact]
    public void A_message_that_fails_again_and_again_speaks_against_the_destination_until_another_passes()
    {
        var only = NewMessage();
        Assert.Equal([false, false, false, false, true], Fail(only, only, only, only, only));

        _streak.End(NewMessage());
        Assert.DoesNotContain(true, Enumerable.Range(0, 100).Select(_ => _streak.Add(only, true, null)));
    }

    [Fact]
    public void Different_messages_that_fail_with_none_between_that_passes_do() =>
        Assert.Equal([false, false, false, false, true], Fail([.. Enumerable.Range(0, 5).Select(_ => NewMessage())]));

    [Fact]
    public void No_connection_is_no_messages_fault()
    {
        var only = NewMessage();
        Assert.Equal(
            [false, false, false, false, true], Enumerable.Range(0, 5).Select(_ => _streak.Add(only, false, null)));
    }

    [Fact]
    public void Those_that_failed_while_others_passed_do_not_speak_again_until_they_pass()
    {
        var poison = Enumerable.Range(0, 5).Select(_ => NewMessage()).ToArray();
        Assert.True(Fail(poison)[^1]);
        _streak.End(NewMessage());
        Assert.DoesNotContain(true, Fail(poison));

        foreach (var mended in poison)
            _streak.End(mended);
        Assert.True(Fail(poison)[^1]);
    }

    [Fact]
    public void The_latest_wish_counts_until_a_call_passes()
    {
        var now = new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
        _streak.Add(NewMessage(), true, now.AddMinutes(2));
        _streak.Add(NewMessage(), true, now.AddMinutes(1));
        _streak.Add(NewMessage(), true, null);
        Assert.Equal(now.AddMinutes(2), _streak.RetryAfter);
        _streak.End(NewMessage());
        Assert.Equal(default, _streak.RetryAfter);
    }

    [Fact]
    public void It_takes_as_many_failures_in_a_row_as_it_says() =>
        Gen.Select(Message, Gen.Bool).Array[0, 60].Sample(calls =>
        {
            var fresh = new FailureStreak();
            var failed = new List<Guid>();
            foreach (var (message, passes) in calls)
            {
                if (passes)
                {
                    fresh.End(message);
                    failed.Clear();
                    continue;
                }

                failed.Add(message);
                if (fresh.Add(message, true, null))
                    Assert.InRange(failed.Count, FailureStreak.FailuresMax, int.MaxValue);
            }
        });

    private Guid NewMessage() => new(++_messages, 1, 0, new byte[8]);

    private bool[] Fail(params Guid[] messages) => [.. messages.Select(message => _streak.Add(message, true, null))];
}
