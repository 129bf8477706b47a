
using OrderGrains.Vocabulary;

namespace OrderGrains.Console;

/// <summary>Where the parcel goes, as much as the reader may see.</summary>
internal sealed record ShipToView(
    string Name, string? Company, string? Address1, string? Address2, string City, string? Province, string PostalCode,
    string CountryCode, string? Phone, string? Email, bool Masked)
{
    public static ShipToView Of(ShipTo shipTo, bool masked)
    {
        if (!masked)
        {
            return new ShipToView(
                shipTo.Name, shipTo.Company, shipTo.Address1, shipTo.Address2, shipTo.City, shipTo.Province,
                shipTo.PostalCode, shipTo.CountryCode, shipTo.Phone, shipTo.Email, false);
        }

        var shown = shipTo.Masked();
        return new ShipToView(
            shown.Name, null, null, null, shown.City, shown.Province, shown.PostalCode, shown.CountryCode, null, null,
            true);
    }
}
