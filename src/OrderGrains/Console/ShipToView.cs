
using OrderGrains.Vocabulary;

namespace OrderGrains.Console;

/// <summary>Where the parcel goes, as much as the reader may see.</summary>
internal sealed record ShipToView(
    string Name, string? Company, string? Address1, string? Address2, string City, string? Province, string PostalCode,
    string CountryCode, string? Phone, string? Email, bool Masked)
{
    /// <summary>Of a postal code this much names a district and no street.</summary>
    private const int PostalCodeShown = 2;

    public static ShipToView Of(ShipTo shipTo, bool masked) => masked
        ? new ShipToView(
            Shortened(shipTo.Name, 1), null, null, null, shipTo.City, shipTo.Province,
            Shortened(shipTo.PostalCode, PostalCodeShown), shipTo.CountryCode, null, null, true)
        : new ShipToView(
            shipTo.Name, shipTo.Company, shipTo.Address1, shipTo.Address2, shipTo.City, shipTo.Province,
            shipTo.PostalCode, shipTo.CountryCode, shipTo.Phone, shipTo.Email, false);

    /// <summary>The beginning by whole characters as people count them, so that no half of one is left.</summary>
    private static string Shortened(string text, int shown)
    {
        var letters = new System.Globalization.StringInfo(text.Trim());
        return letters.LengthInTextElements == 0
            ? ""
            : $"{letters.SubstringByTextElements(0, Math.Min(shown, letters.LengthInTextElements))}…";
    }
}
