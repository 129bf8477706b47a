using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OrderGrains.Orders;

namespace OrderGrains.Console.Pages;

/// <summary>Every order, found by number and status.</summary>
internal sealed class OrdersModel(IOrderStore orders, ParkedList parked) : PageModel
{
    [BindProperty(SupportsGet = true)] public string? Q { get; set; }

    [BindProperty(SupportsGet = true)] public string? Status { get; set; }

    [BindProperty(SupportsGet = true)] public string? Source { get; set; }

    [BindProperty(SupportsGet = true)] public string? Cursor { get; set; }

    public OrderStatus? Chosen { get; private set; }

    public Page<OrderRow> Found { get; private set; } = new([], null);

    public IReadOnlyDictionary<OrderStatus, long> Counts { get; private set; } = new Dictionary<OrderStatus, long>();

    public long Total => Counts.Values.Sum();

    public int ParkedCount { get; private set; }

    public bool Filtered => Q is not null || Chosen is not null || Source is not null;

    public async Task OnGetAsync()
    {
        var reader = new RequestReader();
        Chosen = reader.Choice<OrderStatus>("status", Status);
        var filter = new OrderFilter(reader.Text("source", Source), Chosen, reader.Text("q", Q));
        Found = await orders.ListAsync(filter, reader.Page(null, Cursor));
        Counts = await orders.CountByStatusAsync();
        ParkedCount = (await parked.ListGroupsAsync()).Items.Sum(group => group.Count);
    }
}
