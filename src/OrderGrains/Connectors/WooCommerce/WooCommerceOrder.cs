using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.WooCommerce;

/// <summary>Translates a whole order, under whichever topic it came (WooCommerce REST API v3, "Orders").</summary>
/// <param name="sourceName">The source's name: the beginning of its order keys.</param>
/// <param name="options">Its settings.</param>
internal sealed class WooCommerceOrder(string sourceName, WooCommerceOptions options)
{
    /// <summary>The longest status and the longest error code that are looked at.</summary>
    private const int NameCharsMax = 64;

    private readonly WooCommerceStatuses _statuses = new(options.Statuses);
    private readonly WooCommerceLines _lines = new(options);

    public Reading Read(Receipt receipt, JsonFields root)
    {
        if (FindOther(root) is { } other)
            return new Reading.Unreadable(other);
        var status = root.Code("status", NameCharsMax);
        if (!IsName(status))
            return new Reading.Unreadable("status is not the name of one");
        if (_statuses.Find(status) is not { } meaning)
        {
            return new Reading.Unreadable(
                $"status {status} is not known: the source's setting Statuses can say what it means");
        }

        return meaning == StatusMeaning.Ignore
            ? new Reading.Ignored($"an order in status {status} counts for nothing (Statuses)")
            : Understood(receipt, root, status, meaning);
    }

    private Reading.Understood Understood(Receipt receipt, JsonFields root, string status, StatusMeaning meaning)
    {
        var order = new OrderKey(sourceName, root.DigitsId("id"));
        var handedOver = IsHandedOver(root) ? options.HandedOver : HandedOver.Release;
        var paid = root.Has("date_paid_gmt");
        var snapshot = new OrderSnapshot
        {
            UpdatedAt = root.UtcVersion(
                root.Has("date_modified_gmt") ? "date_modified_gmt" : "date_created_gmt", receipt.ReceivedAt),
            PlacedAt = root.UtcTime("date_created_gmt"),
            // Plugins number orders in their own way.
            Number = root.Text("number") ?? $"#{order.OrderId}",
            Payment = meaning switch
            {
                StatusMeaning.Ship or StatusMeaning.Done => Payment.Paid,
                StatusMeaning.Refund => Payment.Ended,
                _ => paid ? Payment.Paid : Payment.Pending,
            },
            Held = meaning == StatusMeaning.Hold || (meaning == StatusMeaning.Unpaid && paid),
            AllGone = meaning == StatusMeaning.Done,
            Cancelled = meaning == StatusMeaning.Cancel,
            CancelReason = meaning == StatusMeaning.Cancel ? $"its status is {status}" : null,
            HandedOver = handedOver == HandedOver.Hold,
            Lines = _lines.Read(root, noneIsOurs: handedOver == HandedOver.Ignore, out var refunds),
            RefundIds = refunds.Ids,
            ShipTo = root.Object("shipping") is { } shipping ? Address(shipping, root.Object("billing")) : null,
            ShippingMethod = Methods(root) is [var first, ..] ? first.Text("method_title") : null,
            TriggeredAt = receipt.ReceivedAt,
        };
        // The shop tells of a restored order under two topics, with one body: only one of them restores.
        var isRestored = receipt.Topic == "order.restored";
        return new Reading.Understood(
            new OrderStated(order, snapshot) { RestoredAt = isRestored ? RestoredAt(receipt, snapshot) : null },
            EventKey.Of(isRestored ? receipt.Topic : "order", receipt),
            refunds.AreUnclear && meaning is StatusMeaning.Ship or StatusMeaning.Hold or StatusMeaning.Unpaid
                ? $"refund {string.Join(", ", refunds.Ids)} gave money back and names no lines, so that all of it is "
                    + "still to be sent: if that is wrong, cancel the order or change its lines in the shop"
                : null);
    }

    /// <summary>
    /// The arrival; but the topic is not signed, and a captured body of before must not take the order out of the
    /// trash, so it is no later than the shop's clock and ours can differ.
    /// </summary>
    private static DateTimeOffset RestoredAt(Receipt receipt, OrderSnapshot snapshot) =>
        snapshot.UpdatedAt < DateTimeOffset.MaxValue - ConnectorLimits.AheadMax
        && snapshot.UpdatedAt + ConnectorLimits.AheadMax < receipt.ReceivedAt
            ? snapshot.UpdatedAt + ConnectorLimits.AheadMax : receipt.ReceivedAt;

    /// <summary>What the body is if it is no order; null when it may be one.</summary>
    private static string? FindOther(JsonFields root)
    {
        if (root.Has("code") && !root.Has("id"))
        {
            var code = root.Text("code", NameCharsMax);
            return $"the shop sent an error in place of the order{(IsName(code) ? $", {code}" : "")}: the order is "
                + "gone, or the user whose webhook it is may not read orders";
        }

        if (root.Has("order") && !root.Has("id"))
        {
            return "the body is of WooCommerce's legacy API: set the webhook's API version to WP REST API Integration "
                + "v3";
        }

        return root.Exists("billing_period") ? "the body is a subscription, and no order" : null;
    }

    private static bool IsName(string? text) => text is { Length: > 0 and <= NameCharsMax }
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');

    /// <summary>Local pickup, of the shop's two kinds or a plugin's, and WooCommerce's own point of sale.</summary>
    private static bool IsHandedOver(JsonFields root) => root.Text("created_via") == "pos-rest-api"
        || (Methods(root) is { Length: > 0 } methods && methods.All(method =>
            method.Text("method_id")?.Contains("pickup", StringComparison.OrdinalIgnoreCase) == true));

    private static JsonFields[] Methods(JsonFields root) =>
        root.Items("shipping_lines", ConnectorLimits.LinesMax) ?? [];

    private static ShipTo Address(JsonFields shipping, JsonFields? billing) => new()
    {
        Name = $"{shipping.Text("first_name")} {shipping.Text("last_name")}".Trim(),
        Company = shipping.Text("company"),
        Address1 = shipping.Text("address_1") ?? "",
        Address2 = shipping.Text("address_2"),
        City = shipping.Text("city") ?? "",
        Province = shipping.Text("state"),
        PostalCode = shipping.Text("postcode") ?? "",
        CountryCode = shipping.Text("country") ?? "",
        Phone = shipping.Text("phone") ?? billing?.Text("phone"),
        Email = billing?.Text("email"),
    };
}
