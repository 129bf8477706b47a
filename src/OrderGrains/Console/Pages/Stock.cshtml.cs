using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OrderGrains.Inventory;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console.Pages;

/// <summary>What is where, and how much of it is promised.</summary>
internal sealed class StockModel(IStockStore stock, StockDesk desk) : PageModel
{
    [BindProperty(SupportsGet = true)] public string? Q { get; set; }

    [BindProperty(SupportsGet = true)] public string? Location { get; set; }

    [BindProperty(SupportsGet = true)] public string? Cursor { get; set; }

    public Page<StockRow> Found { get; private set; } = new([], null);

    public bool Filtered => Q is not null || Location is not null;

    public async Task OnGetAsync()
    {
        var reader = new RequestReader();
        var filter = new StockFilter(reader.Text("location", Location), Query: reader.Text("q", Q));
        Found = await stock.ListAsync(filter, reader.Page(null, Cursor));
    }

    public async Task<IActionResult> OnPostAsync(string? location, string? sku, int? onHand)
    {
        var reader = new RequestReader();
        var key = new StockKey(reader.Required("location", location), Sku.Of(reader.Required("sku", sku)));
        var units = reader.Units("onHand", onHand);
        if (reader.Failed)
            return BadRequest();
        var answer = await desk.SetAsync(key, units, User.Actor());
        if (StockDesk.Refusal(answer, key, units) is { } refusal)
            this.Refuse($"Not set: {refusal}");
        else
            this.Say($"{key.Sku} at {key.Location} is set to {units}.");
        return LocalRedirect($"{Request.Path}{Request.QueryString}");
    }
}
