using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OrderGrains.Ingress;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console.Pages;

/// <summary>One webhook.</summary>
internal sealed class ReceiptModel(IInbox inbox, ReceiptDesk desk, BuyerDesk buyers) : PageModel
{
    /// <summary>Longer text is shown cut; the API gives all.</summary>
    public const int BodyShownMax = 200_000;

    // The page encodes for HTML; here letters of all languages stay readable.
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public ReceiptView Receipt { get; private set; } = null!;

    /// <summary>A shop's request for a copy of what is held of a buyer.</summary>
    public bool IsBuyerAsking { get; private set; }

    /// <summary>Indented when it is JSON.</summary>
    public string Body { get; private set; } = "";

    /// <summary>What was fetched, indented when it is JSON.</summary>
    public string Fetched { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync(Guid id)
    {
        if (await inbox.FindAsync(id) is not { } row)
            return NotFound();
        Receipt = await desk.ShowAsync(row, User);
        IsBuyerAsking = User.MayOperate() && row.Outcome == ReceiptOutcome.Parked
            && await buyers.FindBuyerAsync(row) is not null;
        Body = Shown(Receipt.Body ?? "");
        Fetched = Shown(Receipt.Fetched ?? "");
        return Page();
    }

    public async Task<IActionResult> OnPostExportAsync(Guid id) =>
        await inbox.FindAsync(id) is { } row && await buyers.ExportAsync(row, User) is { } export
            ? BuyerFile.Of(export) : NotFound();

    private static string Shown(string body)
    {
        if (body.Length > BodyShownMax)
            return $"{body[..BodyShownMax]}…";
        try
        {
            using var document = JsonDocument.Parse(body);
            return JsonSerializer.Serialize(document.RootElement, Indented);
        }
        catch (JsonException)
        {
            return body;
        }
    }
}
