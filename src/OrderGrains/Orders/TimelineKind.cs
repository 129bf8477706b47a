using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace OrderGrains.Orders;

/// <summary>
/// What a line of the timeline tells of: station and verb. Stored and shown as <see cref="TimelineKindName"/> has it,
/// such as <c>release.too_late</c>.
/// </summary>
public enum TimelineKind
{
    OrderReceived,
    OrderBackordered,
    OrderAllocated,
    OrderReleased,
    OrderPartiallyShipped,
    OrderShipped,
    OrderCancelled,
    OrderOnHold,

    /// <summary>Personal data was erased, or will be once the order is over.</summary>
    OrderRedacted,

    ReceiptApplied,

    /// <summary>It took effect, and a person should know something about it.</summary>
    ReceiptNoted,
    ReceiptDuplicate,
    ReceiptStale,
    ReceiptParked,

    ReleaseRequested,
    ReleaseStopping,
    ReleaseAccepted,
    ReleaseTooLate,
    ReleaseCancelled,

    /// <summary>An answer that is of no interest any more.</summary>
    ReleaseAnswered,

    AttemptFailed,

    /// <summary>A message's time has not come, as where the storefront holds its goods.</summary>
    MessageWaiting,
    MessageParked,
    MessageResumed,
    MessageDiscarded,

    /// <summary>The storefront has a parcel.</summary>
    ParcelRecorded,

    /// <summary>The storefront has nothing that a parcel could be recorded for.</summary>
    ParcelNotRecorded,

    /// <summary>At a person's word the storefront has a parcel no more.</summary>
    ParcelTakenBack,

    /// <summary>The storefront keeps a parcel that a person wanted taken back.</summary>
    ParcelNotTakenBack,

    OperatorHold,
    OperatorResume,
    OperatorCancel,
    OperatorTakeBack,

    ReservationTakenBack,
    ReservationExpired,
    ReservationOrphanReleased,
    StockShort,

    /// <summary>A line is not sent for want of stock.</summary>
    LineCancelled,

    /// <summary>More units of a line have gone than the buyer should get.</summary>
    LineExcess,
}

/// <summary>Spells a <see cref="TimelineKind"/>: <c>ReleaseTooLate</c> is <c>release.too_late</c>.</summary>
public sealed partial class TimelineKindName : JsonNamingPolicy
{
    private static readonly FrozenDictionary<TimelineKind, string> Names =
        Enum.GetValues<TimelineKind>().ToFrozenDictionary(kind => kind, kind => Spell(kind.ToString()));

    public static string Of(TimelineKind kind) => Names[kind];

    public override string ConvertName(string name) => Spell(name);

    private static string Spell(string name)
    {
        var words = Words().Matches(name).Select(word => word.Value.ToLowerInvariant()).ToArray();
        return $"{words[0]}.{string.Join('_', words[1..])}";
    }

    [GeneratedRegex("[A-Z][a-z]*", RegexOptions.NonBacktracking)]
    private static partial Regex Words();
}
