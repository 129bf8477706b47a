using System.Security.Claims;
using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console;

/// <summary>A parcel of an order.</summary>
/// <param name="Reference">The release that it fulfils.</param>
/// <param name="ShipmentId">The warehouse's own name for it.</param>
internal sealed record ParcelName(string? Reference, string? ShipmentId);

/// <param name="Reason">Why the order is held.</param>
internal sealed record HoldRequest(string? Reason);

/// <summary>What people do with one order, by API or page.</summary>
internal sealed class OrderDesk(
    IOrderStore orders, OrderPolicies policies, IStockStore stock, IGrainFactory grains, TrailKeeper trail,
    ILogger<OrderDesk> log)
{
    /// <summary>Entries shown of one order's timeline, the newest.</summary>
    public const int TimelineCountMax = 500;

    /// <summary>An order id may hold a slash: routing leaves it encoded in a path, and it alone.</summary>
    /// <param name="source">As in the path.</param>
    /// <param name="orderId">As in the path; a page is given null for blanks.</param>
    public static OrderKey Key(string? source, string? orderId) =>
        new(source ?? "", (orderId ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// As much of it as this person may see; null when there is none. Without the mask, it is in the trail.
    /// </summary>
    public async Task<OrderView?> FindAsync(OrderKey key, ClaimsPrincipal user)
    {
        if (await orders.LoadAsync(key) is not { } stored)
            return null;
        var masked = !user.MayOperate();
        if (!masked)
            await trail.LookedAsync(user, "lookOrder", key.ToString());
        var view = OrderView.Of(stored, await orders.ListTimelineAsync(key, TimelineCountMax), masked) with
        {
            KeptReason = OrderFacts.FindKept(stored.Order, policies.Get(key.Source)),
        };
        var waiting = SkuHints.Waiting(stored.Order);
        if (waiting.Count == 0)
            return view;
        var similar = await stock.FindSimilarAsync([.. waiting.Values]);
        return view with { Lines = SkuHints.Add(view.Lines, waiting, similar) };
    }

    public async Task<ActAnswer> ActAsync(OrderKey key, OrderAct act, string actor, string? reason = null) => Log(
        key, act.Word(), actor, await grains.GetGrain<IOrderGrain>(key.ToString()).ActAsync(act, actor, reason));

    /// <summary>Has the storefront take its record of a parcel back.</summary>
    public async Task<ActAnswer> TakeBackAsync(OrderKey key, ParcelName parcel, string actor) => Log(
        key, "takeBack", actor, await grains.GetGrain<IOrderGrain>(key.ToString())
            .TakeBackAsync(parcel.Reference ?? "", parcel.ShipmentId ?? "", actor));

    private ActAnswer Log(OrderKey key, string act, string actor, ActAnswer answer)
    {
        log.OrderActed(actor, act, key.ToString(), !answer.Known ? "unknown" : answer.Refusal ?? "done");
        return answer;
    }
}
