using System.Security.Claims;
using System.Text;
using OrderGrains.Ingress;

namespace OrderGrains.Console;

/// <summary>Shows webhooks: their bodies to an Operator alone, with an entry in the trail.</summary>
internal sealed class ReceiptDesk(IInbox inbox, TrailKeeper trail)
{
    /// <summary>As much of it as this person may see.</summary>
    public async Task<ReceiptView> ShowAsync(ReceiptRow row, ClaimsPrincipal user)
    {
        if (!user.MayOperate())
            return ReceiptView.Of(row);
        await trail.LookedAsync(user, "lookReceipt", row.Id.ToString());
        var view = ReceiptView.Of(row).WithBody(await inbox.FindBodyAsync(row.Id));
        // Whatever is no text in it was a reason to park it, and is shown as such.
        return row.FetchedAt is null || await inbox.FindFetchedAsync(row.Id) is not { } fetched
            ? view : view with { Fetched = Encoding.UTF8.GetString(fetched) };
    }
}
