using System.Security.Cryptography;
using System.Text;
using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.Warehouses.ShipStation;

/// <summary>
/// Our reference as ShipStation's <c>external_shipment_id</c>, which it cuts at 50 characters. One that is longer, or
/// would need escaping in an address, goes as its beginning and a digest; the whole of it stands in each item's
/// <c>external_order_id</c>.
/// </summary>
internal static class ShipStationReference
{
    public const int CharsMax = 50;

    private const char Mark = '~';
    private const int DigestChars = 20;
    private const int HeadChars = CharsMax - DigestChars - 1;

    public static string Of(string reference) => reference.Length <= CharsMax && reference.All(IsPlain)
        ? reference
        : $"{string.Concat(reference.Take(HeadChars).Select(c => IsPlain(c) ? c : '_'))}{Mark}{Digest(reference)}";

    /// <summary>No plain reference looks so.</summary>
    public static bool IsDigest(string externalId) =>
        externalId.Length > DigestChars && externalId[^(DigestChars + 1)] == Mark
        && externalId[^DigestChars..].All(char.IsAsciiHexDigitLower);

    /// <summary>Our reference, as far as we spell it; null when it fits no storefront of ours.</summary>
    /// <param name="externalId">As ShipStation has it.</param>
    /// <param name="carried">What else may be the whole of it: believed only if its digest fits.</param>
    /// <param name="storefronts">Names of the storefront sources.</param>
    /// <param name="order">Whose it is.</param>
    public static string? Find(
        string externalId, IEnumerable<string> carried, IReadOnlyCollection<string> storefronts, out OrderKey order)
    {
        var whole = IsDigest(externalId)
            ? carried.FirstOrDefault(text => Of(text) == externalId) ?? "" : externalId;
        return WarehouseEvents.FindReference(storefronts, whole, out order);
    }

    private static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.';

    private static string Digest(string reference) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(reference)))[..DigestChars];
}
