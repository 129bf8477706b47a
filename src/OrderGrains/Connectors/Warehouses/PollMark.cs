using System.Text.Json;

namespace OrderGrains.Connectors.Warehouses;

/// <summary>Where the next asking of a <see cref="PolledWarehouse"/> goes on.</summary>
internal sealed record PollMark
{
    /// <summary>Changes before this have all been handed over.</summary>
    public DateTimeOffset From { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>What has been handed over of the changes since, so that it does not come at each asking.</summary>
    public IReadOnlyList<string> Seen { get; init; } = [];

    /// <summary>When the stock was asked for.</summary>
    public DateTimeOffset CountedAt { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>A digest of the stock that was handed over.</summary>
    public string? Counts { get; init; }

    /// <summary>One that is no mark of this version counts as none: what then comes twice takes effect once.</summary>
    public static PollMark Read(string? cursor)
    {
        try
        {
            return JsonSerializer.Deserialize<PollMark>(cursor ?? "null") ?? new PollMark();
        }
        catch (JsonException)
        {
            return new PollMark();
        }
    }

    public string Write() => JsonSerializer.Serialize(this);

    /// <summary>Adds what is new among the changes, and moves on.</summary>
    /// <param name="items">Where it is added.</param>
    /// <param name="changes">All since <see cref="From"/>.</param>
    /// <param name="lateMax">How late a change may be seen.</param>
    public PollMark Add(List<PulledItem> items, IReadOnlyList<PolledChange> changes, TimeSpan lateMax)
    {
        if (changes.Count == 0)
            return this;
        var seen = Seen.ToHashSet(StringComparer.Ordinal);
        items.AddRange(changes.Where(change => seen.Add(change.Key))
            .Select(change => new PulledItem(change.Body, DeliveryId: change.Key)));
        var from = changes.Max(change => change.At) - lateMax;
        from = from > From ? from : From;
        return this with
        {
            From = from,
            Seen = [.. changes.Where(change => change.At >= from).Select(change => change.Key)
                .Distinct(StringComparer.Ordinal)],
        };
    }
}

/// <summary>A change of a shipment, as a receipt of it has it. Without the recipient.</summary>
/// <param name="Key">Of this change: it comes again with whatever is written to the shipment later.</param>
/// <param name="At">When it was written, by the system's clock.</param>
/// <param name="Body">The receipt.</param>
internal sealed record PolledChange(string Key, DateTimeOffset At, byte[] Body);
