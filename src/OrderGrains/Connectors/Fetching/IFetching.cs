namespace OrderGrains.Connectors.Fetching;

/// <summary>How a source fetches what its webhooks only name.</summary>
public interface IFetching
{
    /// <summary>Calls under way at once, of each process.</summary>
    int CallsAtOnceMax { get; }

    /// <summary>Between the beginnings of two calls of one process.</summary>
    TimeSpan Pause => TimeSpan.Zero;

    /// <summary>Opens it once the process has what it needs to call out.</summary>
    IFetcher Open(CallTools tools);
}

/// <summary>Fetches documents for one source.</summary>
public interface IFetcher
{
    /// <summary>Fetches once. Throws for nothing that the other side can do.</summary>
    /// <param name="address">As of <see cref="Vocabulary.Reading.Fetch"/>.</param>
    /// <param name="stopping">Ends the call, by an exception.</param>
    Task<FetchResult> GetAsync(Uri address, CancellationToken stopping);
}

/// <summary>What came of fetching: a closed set.</summary>
public abstract record FetchResult
{
    /// <summary>A document of JSON, or what calls itself one.</summary>
    public sealed record Got(byte[] Body) : FetchResult;

    /// <summary>It will not be there by itself: a person must look.</summary>
    public sealed record Refused(string Why) : FetchResult;

    /// <summary>It may be there later.</summary>
    /// <param name="Why">What came back, for people.</param>
    /// <param name="After">What the host asked for.</param>
    public sealed record Again(string Why, TimeSpan? After = null) : FetchResult;

    /// <summary>What a call means that answered no document.</summary>
    internal static FetchResult Of(string host, SendResult result) => result switch
    {
        SendResult.Failed failed => new Again($"{host}: {failed.Why}", failed.After),
        SendResult.NotYet later => new Again($"{host}: {later.Why}", later.After),
        SendResult.Unauthorized no => new Refused($"{host} does not take our credentials: {no.Why}"),
        SendResult.Refused no => new Refused($"{host}: {no.Why}"),
        _ => throw new InvalidOperationException($"Nothing is fetched by {result.GetType().Name}."),
    };
}
