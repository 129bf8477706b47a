using System.Net;
using System.Text;
using OrderGrains.Chaos.Faults;

namespace OrderGrains.Chaos;

/// <summary>How long one fault was felt. Null: it never came in this run.</summary>
/// <param name="Kind">What broke.</param>
/// <param name="Acknowledged">From its start to the first 200 of a webhook that was sent after it.</param>
/// <param name="Released">From its start to the first order that a warehouse then made.</param>
/// <param name="Drained">From its healing to the first moment with nothing pending and nothing due.</param>
internal sealed record FaultRecovery(FaultKind Kind, TimeSpan? Acknowledged, TimeSpan? Released, TimeSpan? Drained)
{
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
                   First(empty.Where(at => at >= fault.To), fault.To)),
        ];
    }

    /// <summary>A row for each kind of fault: how many, and the median and the worst of each time in seconds.</summary>
    public static string Table(IReadOnlyList<FaultRecovery> recoveries)
    {
        var text = new StringBuilder();
        text.AppendLine($"  {"fault",-20} {"times",5} {"first 200",13} {"first release",13} {"backlog empty",13}");
        foreach (var kind in recoveries.GroupBy(each => each.Kind).OrderBy(kind => kind.Key))
        {
            text.AppendLine($"  {kind.Key,-20} {kind.Count(),5} {Spread(kind.Select(each => each.Acknowledged)),13} "
                + $"{Spread(kind.Select(each => each.Released)),13} {Spread(kind.Select(each => each.Drained)),13}");
        }

        text.Append("  in seconds, median / worst; from its start, and for the backlog from its healing");
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
