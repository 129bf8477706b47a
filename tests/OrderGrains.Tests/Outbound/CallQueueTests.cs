using OrderGrains.Outbound;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Outbound;

public sealed class CallQueueTests
{
    private readonly CallQueue _queue = new();

    [Fact]
    public void What_is_new_goes_three_times_of_four_before_what_has_waited()
    {
        for (var at = 0; at < 8; at++)
        {
            _queue.Add(Message("old", $"o{at}"), isFresh: false);
            _queue.Add(Message("new", $"n{at}"), isFresh: true);
        }

        Assert.Equal("n0 n1 n2 o0 n3 n4 n5 o1 n6 n7 o2 o3 o4 o5 o6 o7", Drain());
    }

    [Fact]
    public void Sources_take_turns()
    {
        for (var at = 0; at < 6; at++)
            _queue.Add(Message("flood", $"f{at}"), isFresh: true);
        _queue.Add(Message("calm", "c0"), isFresh: true);
        _queue.Add(Message("calm", "c1"), isFresh: true);

        Assert.Equal("f0 c0 f1 c1 f2 f3 f4 f5", Drain());
    }

    [Fact]
    public void A_message_whose_key_is_busy_lets_others_go_first()
    {
        _queue.Add(Message("acme", "1"), isFresh: false);
        _queue.Add(Message("acme", "2"), isFresh: false);
        HashSet<string> busy = new(StringComparer.Ordinal) { "1" };

        Assert.Equal("2", _queue.Peek(IsFree)!.SequenceKey);
        busy.Add("2");
        Assert.Null(_queue.Peek(IsFree));
        Assert.Equal(2, _queue.Count);

        bool IsFree(OutboundMessage message) => !busy.Contains(message.SequenceKey);
    }

    [Fact]
    public void None_is_in_twice()
    {
        var message = Message("acme", "1");
        Assert.True(_queue.Add(message, isFresh: true));
        Assert.False(_queue.Add(message with { Attempts = 1 }, isFresh: false));
        Assert.Equal("1", Drain());
        Assert.True(_queue.Add(message, isFresh: false));
    }

    private string Drain()
    {
        var taken = new List<string>();
        while (_queue.Peek(_ => true) is { } next)
        {
            _queue.Take(next);
            taken.Add(next.SequenceKey);
        }

        return string.Join(' ', taken);
    }

    private static OutboundMessage Message(string source, string key) => new()
    {
        Id = Guid.CreateVersion7(),
        Destination = "east-wms",
        Kind = MessageKind.Release,
        Subject = Subject.Of(new OrderKey(source, key)),
        SequenceKey = key,
        CreatedAt = DateTimeOffset.UnixEpoch,
    };
}
