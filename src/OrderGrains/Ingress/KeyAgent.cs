using OrderGrains.Connectors;
using OrderGrains.Connectors.Fetching;
using OrderGrains.Connectors.Proofs;

namespace OrderGrains.Ingress;

/// <summary>
/// Fetches the public keys of senders that publish them: at start, every <see cref="Period"/>, and when a webhook names
/// one that is not there. Whoever names keys that nobody has makes us ask no more than once in <see cref="PauseMin"/>.
/// </summary>
internal sealed partial class KeyAgent(Sources sources, CallTools tools, TimeProvider time, ILogger<KeyAgent> log)
    : Agent
{
    public static readonly TimeSpan Period = TimeSpan.FromHours(1);

    /// <summary>Between two fetches, whoever asks.</summary>
    public static readonly TimeSpan PauseMin = TimeSpan.FromMinutes(1);

    protected override Task RunAsync(CancellationToken stopping) => Task.WhenAll(sources.All
        .Select(source => (source.Name, (source.Connector as IWebhookSource)?.Keys))
        .Where(source => source.Keys is not null)
        .Select(source => KeepAsync(source.Name, source.Keys!, stopping)));

    private async Task KeepAsync(string source, KeySet keys, CancellationToken stopping)
    {
        var fetcher = new Fetcher(keys.Rules, tools);
        for (var isFailing = false; ;)
        {
            var why = await FetchAsync(fetcher, keys, stopping);
            if (why is not null && !isFailing)
                NotFetched(source, keys.Address.IdnHost, why);
            else if (why is null && isFailing)
                FetchedAgain(source);
            isFailing = why is not null;
            await Task.Delay(PauseMin, time, stopping);
            if (!isFailing)
                await keys.WaitAsync(Period - PauseMin, time, stopping);
        }
    }

    /// <summary>Null when the keys are there; otherwise why not.</summary>
    private static async Task<string?> FetchAsync(Fetcher fetcher, KeySet keys, CancellationToken stopping) =>
        await fetcher.GetAsync(keys.Address, stopping) switch
        {
            FetchResult.Got got => keys.Take(got.Body),
            FetchResult.Refused refused => refused.Why,
            FetchResult.Again again => again.Why,
            var other => throw new InvalidOperationException($"Keys are not fetched by {other.GetType().Name}."),
        };

    [LoggerMessage(1, LogLevel.Warning,
        "The keys of {Source} could not be fetched from {Host} ({Why}); again in a minute", EventName = "keys.failing")]
    private partial void NotFetched(string source, string host, string why);

    [LoggerMessage(2, LogLevel.Information, "The keys of {Source} can be fetched again", EventName = "keys.healed")]
    private partial void FetchedAgain(string source);
}
