using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace OrderGrains.Console.Pages;

/// <summary>What privacy law gives a buyer: a copy of what is held of them, and that it be erased.</summary>
internal sealed class BuyersModel(BuyerDesk desk) : PageModel
{
    public bool MayOperate => User.MayOperate();

    public bool MayErase => User.IsInRole(Access.Admin);

    public string? Source { get; private set; }

    public string? Orders { get; private set; }

    public string? Email { get; private set; }

    public IReadOnlyList<string> Mistakes { get; private set; } = [];

    public void OnGet(string? source) => Source = source;

    public async Task<IActionResult> OnPostExportAsync(string? source, string? orders, string? email) =>
        Read(source, orders, email) is { } buyer
            ? BuyerFile.Of(await desk.ExportAsync(Source!, buyer, User)) : Page();

    [Needs(ApiRole.Admin)]
    public async Task<IActionResult> OnPostEraseAsync(string? source, string? orders, string? email)
    {
        if (Read(source, orders, email) is not { } buyer)
            return Page();
        var erased = await desk.EraseAsync(Source!, buyer, User.Actor());
        if (desk.IsNobodys(Source!, erased))
        {
            Mistakes = [$"source: there is no source {Source}, and nothing of it is stored."];
            return Page();
        }

        var said = $"Orders erased: {erased.Orders}; erased once they are over: {erased.WhenOver}; unknown: "
            + $"{erased.Unknown}; webhooks of no order: {erased.Receipts.Erased}.";
        if (erased.Receipts.Left > 0)
        {
            this.Warn($"{said} Webhooks that name the buyer and are parked, or not settled yet: "
                + $"{erased.Receipts.Left}. Resume or discard them, and ask again.");
        }
        else
            this.Say(said);
        return LocalRedirect("/buyers");
    }

    private Vocabulary.Buyer? Read(string? source, string? orders, string? email)
    {
        (Source, Orders, Email) = (source?.Trim(), orders, email);
        var reader = new RequestReader();
        reader.Required("source", Source);
        var buyer = BuyersApi.BuyerOf(reader, new BuyerRequest(
            orders?.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            email, null, null));
        Mistakes = reader.Said;
        if (reader.Failed)
            HttpContext.MarkRefused();
        return reader.Failed ? null : buyer;
    }
}

/// <summary>An export as a file, so that no page shows it and no cache keeps it.</summary>
internal static class BuyerFile
{
    public static FileContentResult Of(BuyerExport export) => new(
        System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(export, Connectors.ReadingView.Json), "application/json")
    {
        FileDownloadName = $"{export.Source}-buyer.json",
    };
}
