using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OrderGrains.Inventory;

namespace OrderGrains.Console.Pages;

/// <summary>One SKU at one location: who holds it, who waits for it, and what moved.</summary>
internal sealed class StockItemModel(IStockStore stock) : PageModel
{
    public StockDetailView Item { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(string location, string sku)
    {
        if (await stock.FindDetailAsync(StockDesk.Key(location, sku), StockDesk.ShownMax) is not { } detail)
            return NotFound();
        Item = StockDetailView.Of(detail, masked: !User.MayOperate());
        return Page();
    }
}
