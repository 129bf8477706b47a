using System.Net;
using System.Text;
using OrderGrains.Chaos.Faults;

namespace OrderGrains.Chaos;

/// <summary>How long one fault was felt. Null: it never came in this run.</summary>
/// <param name="Kind">What broke.</param>
/// <param name="Acknowledged">From its start to the first 200 of a webhook that was sent after it.</param>
/// <param name="Released">From its start to the first order that a warehouse then made.</param>
/// <param name="Drained">From its healing to the first moment with nothing pending and nothing due.</param>
/// <param name="Moved">
/// Of a silo that stopped: from there until a warehouse made the orders that it had just acknowledged and that no
/// warehouse had; the median, since some wait for stock.
/// </param>
internal sealed record FaultRecovery(
    FaultKind Kind, TimeSpan? Acknowledged, TimeSpan? Released, TimeSpan? Drained, TimeSpan? Moved = null)
{
    private static readonly FaultKind[] Stops =
        [FaultKind.KillSilo, FaultKind.PauseSilo, FaultKind.IsolateSilo, FaultKind.CutDatabase];

    /// <summary>What a silo acknowledged so long before it stopped was most likely still in its hands.</summary>
    private static readonly TimeSpan JustBefore = TimeSpan.FromSeconds(1);

    public static IReadOnlyList<FaultRecovery> Of(Ledger ledger)
    {
        var answered = ledger.Tries.Where(each => each.Status is HttpStatusCode.OK).ToList();
        var made = ledger.Calls.Where(call => call.What == "made").Select(call => call.At).ToList();
        var empty = ledger.Backlog.Where(sample => sample.IsEmpty).Select(sample => sample.At).ToList();
        return
        [
            .. from fault in ledger.Faults
               where fault.Skipped is null
               select new FaultRecovery(
                   fault.Act.Kind,
                   First(answered.Where(each => each.From >= fault.From).Select(each => each.To), fault.From),
                   First(made.Where(at => at >= fault.From), fault.From),
                   First(empty.Where(at => at >= fault.To), fault.To),
                   Stops.Contains(fault.Act.Kind) ? MovedAfter(ledger, fault) : null),
        ];
    }

    private static TimeSpan? MovedAfter(Ledger ledger, FaultDone fault)
    {
        var firstMade = ledger.Calls.Where(call => call.What == "made")
            .GroupBy(call => call.Reference.Split('-')[1], StringComparer.Ordinal)
            .ToDictionary(calls => calls.Key, calls => calls.Min(call => call.At), StringComparer.Ordinal);
        var moved = ledger.Tries
            .Where(each => each is { Status: HttpStatusCode.OK, OrderId: not null, What: "orders/create" }
                && each.Silo == fault.Act.Target && each.To <= fault.From && each.To > fault.From - JustBefore)
            .Select(each => firstMade.GetValueOrDefault($"{each.OrderId}"))
            .Where(at => at > fault.From).Select(at => at - fault.From).Order().ToList();
        return moved.Count == 0 ? null : moved[moved.Count / 2];
    }

    /// <summary>A row for each kind of fault: how many, and the median and the worst of each time in seconds.</summary>
    public static string Table(IReadOnlyList<FaultRecovery> recoveries)
    {
        var text = new StringBuilder();
        text.AppendLine($"  {"fault",-20} {"times",5} {"first 200",13} {"first release",13} {"backlog empty",13} "
            + $"{"its orders",13}");
        foreach (var kind in recoveries.GroupBy(each => each.Kind).OrderBy(kind => kind.Key))
        {
            text.AppendLine($"  {kind.Key,-20} {kind.Count(),5} {Spread(kind.Select(each => each.Acknowledged)),13} "
                + $"{Spread(kind.Select(each => each.Released)),13} "
                + $"{Spread(kind.Select(each => each.Drained)),13} "
                + $"{Spread(kind.Select(each => each.Moved)),13}");
        }

        text.Append("  in seconds, median / worst; from its start, and for the backlog from its healing; its orders "
            + "are those that a silo had just acknowledged when it stopped");
        return text.ToString();
    }

    private static TimeSpan? First(IEnumerable<DateTimeOffset> times, DateTimeOffset since) =>
        times.Select(at => (TimeSpan?)(at - since)).Min();

    private static string Spread(IEnumerable<TimeSpan?> times)
    {
        var known = times.OfType<TimeSpan>().Order().ToList();
        return known.Count == 0 ? "-" : $"{known[known.Count / 2].TotalSeconds:0.0} / {known[^1].TotalSeconds:0.0}";
    }
}
