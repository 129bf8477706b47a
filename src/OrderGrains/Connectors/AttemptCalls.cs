namespace OrderGrains.Connectors;

/// <summary>The calls of one attempt: each but the first waits for its place in the destination's rate.</summary>
/// <param name="next">As of <see cref="Delivery.NextCall"/>.</param>
internal sealed class AttemptCalls(Func<Task> next)
{
    private bool _begun;

    public Task BeforeAsync()
    {
        if (_begun)
            return next();
        _begun = true;
        return Task.CompletedTask;
    }
}
