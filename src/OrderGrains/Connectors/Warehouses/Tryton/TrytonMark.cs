using System.Text.Json;

namespace OrderGrains.Connectors.Warehouses.Tryton;

/// <summary>Where the next asking goes on.</summary>
internal sealed record TrytonMark
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
    public static TrytonMark Read(string? cursor)
    {
        try
        {
            return JsonSerializer.Deserialize<TrytonMark>(cursor ?? "null") ?? new TrytonMark();
        }
        catch (JsonException)
        {
            return new TrytonMark();
        }
    }

    public string Write() => JsonSerializer.Serialize(this);
}
