namespace OrderGrains.Outbound;

/// <summary>
/// Tells a destination that fails from messages that fail. It is the destination when <see cref="FailuresMax"/> of its
/// failures in a row speak against it, with no call between them that passed: be they of one message, where few orders
/// come. A message that failed while others passed does not speak, unless no connection came about, which is no
/// message's fault. Kept in memory alone: after a restart it is learned again.
/// </summary>
internal sealed class FailureStreak
{
    public const int FailuresMax = 5;

    /// <summary>Beyond it all are forgotten, and learned again.</summary>
    private const int SuspectsMax = 1024;

    private readonly HashSet<Guid> _failed = [];
    private readonly HashSet<Guid> _suspects = [];
    private int _failures;

    /// <summary>The latest time that the destination asked us to wait for, since a call last passed.</summary>
    public DateTimeOffset RetryAfter { get; private set; }

    /// <summary>One more call failed; true when it is the destination that fails.</summary>
    /// <param name="message">Whose call it was.</param>
    /// <param name="reached">False when there was no connection.</param>
    /// <param name="retryAfter">When the destination wants to be called again, if it says so.</param>
    public bool Add(Guid message, bool reached, DateTimeOffset? retryAfter)
    {
        if (retryAfter > RetryAfter)
            RetryAfter = retryAfter.Value;
        var speaks = !reached || !_suspects.Contains(message);
        _failures += speaks ? 1 : 0;
        if (reached && speaks)
            _failed.Add(message);
        return _failures >= FailuresMax;
    }

    /// <summary>A call passed: whatever failed before it did so by itself.</summary>
    public void End(Guid passed)
    {
        if (_suspects.Count + _failed.Count > SuspectsMax)
            _suspects.Clear();
        _suspects.UnionWith(_failed);
        _suspects.Remove(passed);
        _failed.Clear();
        (_failures, RetryAfter) = (0, default);
    }
}
