namespace OrderGrains.Ingress;

/// <summary>
/// Bounds how much is done at once. Each source has its share, and what finds none waits in a line of its source; the
/// lines are served in turn. So whoever comes while another floods waits for nothing that came before.
/// </summary>
/// <param name="max">So much is done at once, of all sources.</param>
/// <param name="weightOf">A source's weight; 1 for each when null.</param>
internal sealed class FairSlots(int max, Func<string, double>? weightOf = null)
{
    private readonly Lock _sync = new();
    private readonly FairShares _shares = new(max, weightOf);
    private readonly Dictionary<string, Queue<TaskCompletionSource>> _lines = new(StringComparer.Ordinal);

    /// <summary>The sources that have a line, in the order of their turns.</summary>
    private readonly Queue<string> _turns = new();

    /// <summary>Ends once there is a slot; <see cref="Leave"/> gives it back.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled, and has none.</exception>
    public ValueTask EnterAsync(string source, CancellationToken cancelled)
    {
        TaskCompletionSource waiting;
        lock (_sync)
        {
            if (!_lines.TryGetValue(source, out var line))
            {
                if (_shares.TryTake(source))
                    return ValueTask.CompletedTask;
                _lines[source] = line = new Queue<TaskCompletionSource>();
                _turns.Enqueue(source);
            }

            waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            line.Enqueue(waiting);
        }

        return new ValueTask(WaitAsync(waiting, cancelled));
    }

    public void Leave(string source)
    {
        lock (_sync)
        {
            _shares.Return(source);
            for (var unasked = _turns.Count; unasked > 0;)
                unasked = ServeNext() ? _turns.Count : unasked - 1;
        }
    }

    private static async Task WaitAsync(TaskCompletionSource waiting, CancellationToken cancelled)
    {
        await using (cancelled.Register(() => waiting.TrySetCanceled(cancelled)))
            await waiting.Task;
    }

    /// <summary>The source whose turn it is. False when it has had its share.</summary>
    private bool ServeNext()
    {
        var source = _turns.Dequeue();
        var line = _lines[source];
        var served = false;
        while (line.TryPeek(out var first) && !served)
        {
            if (!_shares.TryTake(source))
                break;
            line.Dequeue();
            served = first.TrySetResult();
            // Who was cancelled meanwhile takes none.
            if (!served)
                _shares.Return(source);
        }

        if (line.Count > 0)
            _turns.Enqueue(source);
        else
            _lines.Remove(source);
        return served;
    }
}
