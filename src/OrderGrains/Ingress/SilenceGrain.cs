using OrderGrains.Connectors;
using OrderGrains.Outbound;
using OrderGrains.Vocabulary;

namespace OrderGrains.Ingress;

/// <summary>Notices sources that send nothing any more; one for the cluster, with key 0.</summary>
[Alias("OrderGrains.ISilenceGrain")]
public interface ISilenceGrain : IGrainWithIntegerKey
{
    /// <summary>Looks when each source was last heard. Every silo asks; only what has changed is told.</summary>
    [Alias("LookAsync")]
    Task LookAsync();
}

/// <summary>Which sources are silent, so that a restart tells of none twice.</summary>
[GenerateSerializer, Alias("OrderGrains.SilenceState")]
public sealed class SilenceState
{
    /// <summary>Names of those that were told of.</summary>
    [Id(0)] public ISet<string> Silent { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>When each that was never heard was first looked for.</summary>
    [Id(1)]
    public IDictionary<string, DateTimeOffset> Awaited { get; init; } =
        new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
}

/// <inheritdoc cref="ISilenceGrain"/>
internal sealed partial class SilenceGrain(
    [PersistentState("silence")] IPersistentState<SilenceState> state, Sources sources, IInbox inbox,
    OperatorEvents events, TimeProvider time, ILogger<SilenceGrain> log) : Grain, ISilenceGrain
{
    /// <summary>Tests by an operator say nothing of the sender: so many of them are looked past.</summary>
    private const int LookedAtMax = 10;

    public async Task LookAsync()
    {
        var now = time.GetUtcNow();
        var (changed, silent) = (false, state.State.Silent);
        foreach (var source in sources.All)
        {
            if (source.SilentAfter is not { } after)
                continue;
            var newest = (await inbox.ListAsync(new ReceiptFilter(source.Name), new PageRequest(LookedAtMax, null)))
                .Items;
            var heardAt = (newest.FirstOrDefault(receipt => receipt.Reason != TestCall.Reason)
                ?? (newest.Count > 0 ? newest[^1] : null))?.ReceivedAt;
            if (heardAt is null && state.State.Awaited.TryAdd(source.Name, now))
                changed = true;
            var since = heardAt ?? state.State.Awaited[source.Name];
            if (now - since < after)
            {
                changed |= silent.Remove(source.Name);
            }
            else if (silent.Add(source.Name))
            {
                changed = true;
                Silent(source.Name, since);
                await events.SayAsync(EventTypes.SourceSilent, new Subject(SubjectKind.Source, source.Name),
                    () => Task.FromResult<SourceSilentData?>(new(source.Name, since)));
            }
        }

        if (changed)
            await state.WriteStateAsync();
    }

    [LoggerMessage(1, LogLevel.Warning, "{Source} has sent nothing since {Since:O}", EventName = "source.silent")]
    private partial void Silent(string source, DateTimeOffset since);
}

/// <summary>A source sends nothing any more.</summary>
/// <param name="Source">Its name with us.</param>
/// <param name="Since">When it was last heard, or first expected.</param>
public sealed record SourceSilentData(string Source, DateTimeOffset Since);
