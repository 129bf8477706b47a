using System.Security.Cryptography;
using System.Text.Json;

namespace OrderGrains.Connectors.Shopify.Admin;

/// <summary>What the shop has against one quantity.</summary>
/// <param name="Wish">Whose it is.</param>
/// <param name="Code">As of <c>InventorySetQuantitiesUserErrorCode</c>.</param>
/// <param name="Words">Its words.</param>
internal sealed record RefusedQuantity(StockWish Wish, string? Code, string Words);

/// <summary>
/// Writes quantities, many in a call. One bad quantity fails the whole call, so the bad are taken out as the answer
/// names them; where it names none, the call is split until the bad one is alone.
/// </summary>
internal sealed class QuantityWriter(ShopifyAdmin admin, string reason, ItemCache cache)
{
    /// <summary>
    /// Keys for one intention: another is taken when the shop says that the attempt by the last one failed.
    /// </summary>
    private const int KeysMax = 3;

    /// <summary>
    /// Writes all wishes whose item is known: each has its result then, or is among what comes back.
    /// </summary>
    public async Task<List<RefusedQuantity>> WriteAsync(
        IReadOnlyList<StockWish> wishes, string place, string name, AttemptCalls calls, CancellationToken stopping)
    {
        var refused = new List<RefusedQuantity>();
        var left = new Stack<IReadOnlyList<StockWish>>([wishes]);
        while (left.TryPop(out var part))
        {
            if (part.Count == 0)
                continue;
            var (payload, failed) = await CallAsync(part, place, name, calls, stopping);
            if (payload is null)
                Fail(part, failed!);
            else if (payload.UserErrors.Count == 0)
                Take(part, payload);
            else if (OfWholeCall(payload.UserErrors[0]) is { } whole)
                Fail(part, whole);
            else
                TakeOut(part, payload.UserErrors, refused, left);
        }

        return refused;
    }

    private async Task<(SetQuantitiesPayload? Payload, SendResult? Failed)> CallAsync(
        IReadOnlyList<StockWish> wishes, string place, string name, AttemptCalls calls, CancellationToken stopping)
    {
        var quantities = wishes.Select(wish => new
        {
            inventoryItemId = wish.Known!.ItemId,
            locationId = place,
            quantity = wish.Content.Quantity,
            changeFromQuantity = wish.Known.Quantity,
        }).ToList();
        for (var number = 1; ; number++)
        {
            var key = Key(new
            {
                name,
                quantities,
                messages = wishes.Select(wish => (object)new[] { wish.Message.ToString(), wish.Known!.Mark }),
                number,
            });
            var referenceDocumentUri = $"gid://ordergrains/StockMessage/{key}";
            var (answer, failed) = await admin.CallAsync<SetQuantitiesAnswer>(
                AdminDocuments.SetQuantities,
                new { key, input = new { name, reason, referenceDocumentUri, quantities } }, calls, stopping);
            var payload = answer?.InventorySetQuantities;
            if (number == KeysMax
                || payload?.UserErrors.Any(error => error.Code == "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED") != true)
            {
                return (payload, failed);
            }
        }
    }

    /// <summary>
    /// One key for one intention: the same when the same messages ask the same of the same numbers once more.
    /// </summary>
    private static Guid Key(object intention)
    {
        var digest = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(intention));
        // A UUID of version 8: its bits are ours (RFC 9562).
        digest[6] = (byte)((digest[6] & 0x0F) | 0x80);
        digest[8] = (byte)((digest[8] & 0x3F) | 0x80);
        return new Guid(digest.AsSpan(0, 16), bigEndian: true);
    }

    /// <summary>What is said of the call and not of a quantity; null when it is of a quantity.</summary>
    private SendResult? OfWholeCall(UserErrorNode error) => error.Code switch
    {
        "IDEMPOTENCY_CONCURRENT_REQUEST" => new SendResult.Unknown(Words(error)),
        "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED" => new SendResult.Again(Words(error)),
        "IDEMPOTENCY_KEY_PARAMETER_MISMATCH" or "INVALID_NAME" or "INVALID_REASON" or "INVALID_REFERENCE_DOCUMENT" =>
            new SendResult.Refused(Words(error)),
        _ => null,
    };

    private void TakeOut(
        IReadOnlyList<StockWish> part, IReadOnlyList<UserErrorNode> errors, List<RefusedQuantity> refused,
        Stack<IReadOnlyList<StockWish>> left)
    {
        var named = new Dictionary<int, UserErrorNode>();
        foreach (var error in errors)
        {
            if (IndexOf(error) is { } index && index < part.Count)
                named.TryAdd(index, error);
        }

        if (named.Count == 0 && part.Count > 1)
        {
            left.Push([.. part.Skip(part.Count / 2)]);
            left.Push([.. part.Take(part.Count / 2)]);
            return;
        }

        if (named.Count == 0)
            named[0] = errors[0];
        refused.AddRange(named.Select(one => new RefusedQuantity(part[one.Key], one.Value.Code, Words(one.Value))));
        left.Push([.. part.Where((_, index) => !named.ContainsKey(index))]);
    }

    /// <summary>A path such as <c>input, quantities, 3, quantity</c> names the fourth.</summary>
    private static int? IndexOf(UserErrorNode error)
    {
        foreach (var step in error.Field ?? [])
        {
            if (int.TryParse(step, out var index) && index >= 0)
                return index;
        }

        return null;
    }

    private void Take(IReadOnlyList<StockWish> part, SetQuantitiesPayload payload)
    {
        foreach (var wish in part)
        {
            wish.Result = new SendResult.Delivered();
            // Where nothing changed there is no group, and the mark stays.
            var mark = payload.InventoryAdjustmentGroup?.Id ?? wish.Known!.Mark;
            cache.Keep(wish.Content, wish.Known! with { Quantity = wish.Content.Quantity, Mark = mark });
        }
    }

    /// <summary>Whatever came of it: what the shop has now is asked before the next attempt.</summary>
    private void Fail(IReadOnlyList<StockWish> part, SendResult result)
    {
        foreach (var wish in part)
        {
            wish.Result = result;
            cache.Forget(wish.Content);
        }
    }

    private string Words(UserErrorNode error) => admin.Words($"{error.Code ?? "refused"}: {error.Message}");
}
