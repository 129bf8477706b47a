using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using OrderGrains.Orders;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console.Pages;

/// <summary>One order, whole, and what an operator can do to it.</summary>
internal sealed class OrderModel(OrderDesk desk) : PageModel
{
    private const string ResumeMeans =
        "The order goes on from where it stopped: stock is reserved, and it is released when the rules allow.";

    private const string HoldMeans =
        "Nothing more is released until someone resumes it. A warehouse that has the order is asked to stop it.";

    private const string CancelMeans =
        "Reserved stock is given back, and a warehouse that has the order is asked to stop. This cannot be undone.";

    public OrderView Order { get; private set; } = null!;

    public OrderKey Key => new(Order.Source, Order.OrderId);

    public string Name => Order.Number ?? Order.OrderId;

    public bool Over => Order.Status is OrderStatus.Cancelled or OrderStatus.Shipped;

    /// <summary>The acts worth offering; the grain's rules have the last word.</summary>
    public IEnumerable<(OrderAct Act, string Text, string Meaning)> Acts()
    {
        if (Order.MayResume && !Over)
            yield return (OrderAct.Resume, "Resume", ResumeMeans);
        else if (!Over)
            yield return (OrderAct.Hold, "Hold", HoldMeans);
        if (!Over)
            yield return (OrderAct.Cancel, "Cancel order", CancelMeans);
    }

    public async Task<IActionResult> OnGetAsync(string source, string orderId)
    {
        if (await desk.FindAsync(OrderDesk.Key(source, orderId), User) is not { } order)
            return NotFound();
        Order = order;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string source, string orderId, string? act, string? reason)
    {
        var (key, reader) = (OrderDesk.Key(source, orderId), new RequestReader());
        var why = reader.Text("reason", reason);
        if (reader.Choice<OrderAct>("act", act) is not { } chosen || reader.Failed)
            return BadRequest();
        return Answer(key, await desk.ActAsync(key, chosen, User.Actor(), why), Done(chosen));
    }

    public async Task<IActionResult> OnPostTakeBackAsync(
        string source, string orderId, string? reference, string? shipmentId)
    {
        var key = OrderDesk.Key(source, orderId);
        return Answer(
            key, await desk.TakeBackAsync(key, new ParcelName(reference, shipmentId), User.Actor()),
            "The shop is asked to take the parcel back.");
    }

    private IActionResult Answer(OrderKey key, ActAnswer answer, string done)
    {
        if (!answer.Known)
            return NotFound();
        if (answer.Refusal is { } refusal)
            this.Refuse($"Not done: {refusal}");
        else
            this.Say(done);
        return LocalRedirect(Links.Order(key));
    }

    private static string Done(OrderAct act) => act switch
    {
        OrderAct.Hold => "The order is on hold.",
        OrderAct.Resume => "The order goes on.",
        _ => "The order is being cancelled.",
    };
}
