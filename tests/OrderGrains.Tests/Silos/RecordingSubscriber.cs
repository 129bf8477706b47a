using System.Collections.Concurrent;
using OrderGrains.Connectors;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Silos;

/// <summary>A subscriber that takes every event, unless a test has written its next answers.</summary>
internal sealed class RecordingSubscriber : IDestination
{
    private readonly ConcurrentQueue<SendResult> answers = new();
    private readonly ConcurrentQueue<(EventContent Event, Guid Id)> taken = new();
    private readonly ConcurrentQueue<(EventContent Event, Guid Id)> tried = new();
    private int calls;

    /// <summary>What it took, in turn.</summary>
    public IReadOnlyList<EventContent> Taken => [.. taken.Select(one => one.Event)];

    public IReadOnlyList<Guid> Ids => [.. taken.Select(one => one.Id)];

    public int Calls => calls;

    /// <summary>What it was told, whatever it answered.</summary>
    public IReadOnlyList<(EventContent Event, Guid Id)> Tried => [.. tried];

    /// <summary>What every call is answered while it is away.</summary>
    public SendResult? Away { get; set; }

    public void Answer(params SendResult[] next)
    {
        foreach (var answer in next)
            answers.Enqueue(answer);
    }

    /// <summary>The types that it took about a subject, in turn.</summary>
    public string TypesOf(Subject subject) =>
        string.Join(' ', Taken.Where(one => one.Subject == subject).Select(one => one.Type));

    public async Task<SendResult> SendAsync(Delivery delivery, CancellationToken stopping)
    {
        Interlocked.Increment(ref calls);
        var content = await delivery.Content() as EventContent;
        if (content is not null)
            tried.Enqueue((content, delivery.Message.Id));
        if ((Away ?? (answers.TryDequeue(out var scripted) ? scripted : null)) is { } answer)
            return answer;
        if (content is null)
            return new SendResult.Withdrawn();
        taken.Enqueue((content, delivery.Message.Id));
        return new SendResult.Delivered();
    }
}
