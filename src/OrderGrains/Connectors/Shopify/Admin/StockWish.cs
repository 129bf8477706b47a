using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.Shopify.Admin;

/// <summary>One quantity that the shop should have, and what comes of it.</summary>
/// <param name="message">The message's id.</param>
/// <param name="content">What the shop should have.</param>
/// <param name="renew">What it should have by now; null: it is the same.</param>
internal sealed class StockWish(Guid message, StockContent content, Func<Task<MessageContent?>>? renew = null)
{
    public Guid Message => message;

    public StockContent Content { get; private set; } = content;

    /// <summary>What the shop is believed to have; null: it must be asked.</summary>
    public ItemAtShop.Stocked? Known { get; set; }

    /// <summary>The item, where it is not stocked at the place.</summary>
    public ItemAtShop.Unstocked? Unstocked { get; set; }

    /// <summary>The shop was asked in this attempt.</summary>
    public bool Asked { get; set; }

    public SendResult? Result { get; set; }

    /// <summary>
    /// The number as of now: what the shop was just seen to have must not be replaced by what is older than that.
    /// </summary>
    public async Task RenewAsync()
    {
        if (renew is null)
            return;
        if (await renew() is StockContent newest)
            Content = newest;
        else
            Result = new SendResult.Withdrawn();
    }
}

/// <summary>What a shop has of one SKU at one place: a closed set.</summary>
internal abstract record ItemAtShop
{
    /// <param name="ItemId">The inventory item's global id.</param>
    /// <param name="Quantity">Units, as read or last written.</param>
    /// <param name="Mark">
    /// Changes with each change of the quantity that we know of, so that two changes from the same number to the same
    /// number are two.
    /// </param>
    public sealed record Stocked(string ItemId, int Quantity, string Mark) : ItemAtShop;

    /// <summary>The shop counts it, and does not stock it at the place.</summary>
    public sealed record Unstocked(string ItemId) : ItemAtShop;

    /// <summary>The shop does not sell it, or does not count it.</summary>
    public sealed record NotCounted : ItemAtShop;

    /// <summary>It cannot be written as things are; a person must look.</summary>
    public sealed record Unclear(string Why) : ItemAtShop;
}
