using System.Collections.Frozen;

namespace OrderGrains.Connectors.WooCommerce;

/// <summary>What an order's status means for what is sent.</summary>
public enum StatusMeaning
{
    /// <summary>The money may come yet. Where it has come before, the shop wants the goods to wait.</summary>
    Unpaid,

    /// <summary>It is to be sent.</summary>
    Ship,

    /// <summary>It waits until the shop says otherwise.</summary>
    Hold,

    /// <summary>All of it has gone.</summary>
    Done,

    /// <summary>Nothing of it is sent.</summary>
    Cancel,

    /// <summary>The money was given back whole.</summary>
    Refund,

    /// <summary>It is no order yet: nothing that is said in this status counts.</summary>
    Ignore,
}

/// <summary>
/// The statuses of WooCommerce itself (WooCommerce documentation, "Order Statuses"; <c>OrderStatus</c> in its source),
/// and those that the configuration adds.
/// </summary>
internal sealed class WooCommerceStatuses
{
    /// <summary>How the database writes them; REST does not.</summary>
    private const string Prefix = "wc-";

    private static readonly Dictionary<string, StatusMeaning> Own = new(StringComparer.OrdinalIgnoreCase)
    {
        ["pending"] = StatusMeaning.Unpaid,
        // Bank transfers and cheques wait so for the money; a person may put a paid order there too.
        ["on-hold"] = StatusMeaning.Unpaid,
        // The buyer may try to pay again.
        ["failed"] = StatusMeaning.Unpaid,
        ["processing"] = StatusMeaning.Ship,
        ["completed"] = StatusMeaning.Done,
        ["cancelled"] = StatusMeaning.Cancel,
        ["trash"] = StatusMeaning.Cancel,
        ["refunded"] = StatusMeaning.Refund,
        ["checkout-draft"] = StatusMeaning.Ignore,
        ["auto-draft"] = StatusMeaning.Ignore,
        ["draft"] = StatusMeaning.Ignore,
        ["new"] = StatusMeaning.Ignore,
    };

    private readonly FrozenDictionary<string, StatusMeaning> _meanings;

    public WooCommerceStatuses(IDictionary<string, StatusMeaning> configured)
    {
        var all = new Dictionary<string, StatusMeaning>(Own, StringComparer.OrdinalIgnoreCase);
        foreach (var (status, meaning) in configured)
            all[NameOf(status)] = meaning;
        _meanings = all.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Null when nobody has said what the status means.</summary>
    public StatusMeaning? Find(string status) =>
        _meanings.TryGetValue(NameOf(status), out var meaning) ? meaning : null;

    private static string NameOf(string status) =>
        status.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? status[Prefix.Length..] : status;
}
