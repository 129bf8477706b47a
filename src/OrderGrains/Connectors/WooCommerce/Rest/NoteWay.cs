using System.Net;
using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.WooCommerce.Rest;

/// <summary>
/// A note at the order. It ends in our name for the parcel, by which it is found again. It cannot be changed, so that
/// what has changed is another note, which says so.
/// </summary>
internal sealed class NoteWay(WooCommerceRest rest, bool toBuyer) : ITrackingWay
{
    private const string Prefix = "note:";

    /// <summary>Of more lines the note tells the units alone.</summary>
    private const int LinesMax = 10;

    public async Task<Tracked> RecordAsync(
        OrderNode order, ParcelContent parcel, AttemptCalls calls, CancellationToken stopping)
    {
        var path = $"wc/v3/orders/{order.Id}/notes";
        var listed = await rest.ListAsync<NoteNode>($"{path}?type=any", calls, stopping);
        if (listed.Data is null)
            return new Tracked.Failed(listed.Failed!);
        var (mark, details) = (Plain(MarkOf(parcel)), DetailsOf(parcel));
        var last = listed.Data.Where(note => Plain(note.Note).EndsWith(mark, StringComparison.OrdinalIgnoreCase))
            .MaxBy(note => note.Id);
        if (last is not null && Plain(last.Note).EndsWith(Plain(details), StringComparison.OrdinalIgnoreCase))
            return new Tracked.There($"{Prefix}{last.Id}");
        var written = await rest.CallAsync<NoteNode>(HttpMethod.Post, path, new
        {
            Note = (last is null ? "Sent: " : "Correction, this is what was sent: ") + details,
            CustomerNote = toBuyer,
            AddedByUser = false,
        }, calls, stopping);
        return written.Data is { } made ? new Tracked.Written($"{Prefix}{made.Id}")
            : new Tracked.Failed(written.Failed!);
    }

    private static string DetailsOf(ParcelContent parcel)
    {
        var lines = parcel.Lines.Where(line => line.Quantity > 0).ToList();
        var units = lines.Count <= LinesMax && lines.TrueForAll(line => line.Sku is not null)
            ? string.Join(", ", lines.Select(line => $"{line.Quantity} × {line.Sku}"))
            : $"{lines.Sum(line => line.Quantity)} units";
        var number = parcel.TrackingNumber is { } tracking ? $"tracking number {tracking}" : null;
        return string.Join(", ", new[] { units, parcel.Carrier, number, parcel.TrackingUrl }
            .Where(part => !string.IsNullOrEmpty(part))) + " " + MarkOf(parcel);
    }

    /// <summary>Letters that WordPress would take out or write otherwise are not in it.</summary>
    private static string MarkOf(ParcelContent parcel) =>
        $"(parcel {Uri.EscapeDataString(parcel.Parcel).Replace("%2F", "/", StringComparison.Ordinal)})";

    /// <summary>WordPress takes backslashes out, and filters may write entities and other spaces.</summary>
    private static string Plain(string text) => string.Concat(
        WebUtility.HtmlDecode(text).Where(letter => !char.IsWhiteSpace(letter) && letter != '\\'));
}
