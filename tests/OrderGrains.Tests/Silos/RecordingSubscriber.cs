using System.Collections.Concurrent;
using OrderGrains.Connectors;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Silos;

/// <summary>A subscriber that takes every event, unless a test has written its next answers.</summary>
internal sealed class RecordingSubscriber : IDestination
{
    private readonly ConcurrentQueue<SendResult> _answers = new();
    private readonly ConcurrentQueue<(EventContent Event, Guid Id)> _taken = new();
    private readonly ConcurrentQueue<(EventContent Event, Guid Id)> _tried = new();
    private int _calls;

    /// <summary>What it took, in turn.</summary>
    public IReadOnlyList<EventContent> Taken => [.. _taken.Select(one => one.Event)];

    public IReadOnlyList<Guid> Ids => [.. _taken.Select(one => one.Id)];

    public int Calls => _calls;

    /// <summary>What it was told, whatever it answered.</summary>
    public IReadOnlyList<(EventContent Event, Guid Id)> Tried => [.. _tried];

    /// <summary>What every call is answered while it is away.</summary>
    public SendResult? Away { get; set; }

    public void Answer(params SendResult[] next)
    {
        foreach (var answer in next)
            _answers.Enqueue(answer);
    }

    /// <summary>The types that it took about a subject, in turn.</summary>
    public string TypesOf(Subject subject) =>
        string.Join(' ', Taken.Where(one => one.Subject == subject).Select(one => one.Type));

    public async Task<SendResult> SendAsync(Delivery delivery, CancellationToken stopping)
    {
        Interlocked.Increment(ref _calls);
        var content = await delivery.Content() as EventContent;
        if (content is not null)
            _tried.Enqueue((content, delivery.Message.Id));
        if ((Away ?? (_answers.TryDequeue(out var scripted) ? scripted : null)) is { } answer)
            return answer;
        if (content is null)
            return new SendResult.Withdrawn();
        _taken.Enqueue((content, delivery.Message.Id));
        return new SendResult.Delivered();
    }
}
