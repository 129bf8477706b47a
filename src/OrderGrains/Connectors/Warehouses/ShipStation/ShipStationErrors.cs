using System.Text.Json;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.ShipStation;

/// <summary>
/// What ShipStation says of a failure (docs.shipstation.com, "Error Codes"):
/// <c>{"request_id","errors":[{error_source,error_type,error_code,message}]}</c>.
/// </summary>
internal static class ShipStationErrors
{
    private const int ErrorsMax = 100;

    /// <summary>Null when it says nothing: then the status has its usual meaning.</summary>
    public static SendResult? Of(int status, JsonElement? body)
    {
        if (Find(body) is not { Length: > 0 } errors)
            return null;
        var why = $"{status} {string.Join("; ", errors.Select(e => e.Message).Distinct(StringComparer.Ordinal))}";
        return status switch
        {
            425 or 429 => new SendResult.Again(why),
            401 or 403 => new SendResult.Unauthorized(why),
            408 or >= 500 => new SendResult.Unknown(why),
            < 400 => null,
            _ when Any("security", "account_status") => new SendResult.Unauthorized(why),
            _ when errors.Any(e => e.Code is "rate_limit_exceeded") => new SendResult.Again(why),
            // Theirs, or a third party's: the same request may pass later.
            _ when Any("system", "integrations") => new SendResult.Unknown(why),
            _ => new SendResult.Refused(why),
        };

        bool Any(string one, string other) => errors.Any(e => e.Type == one || e.Type == other);
    }

    /// <summary>The answer has the form of ShipStation's own failures; a proxy's page has not.</summary>
    public static bool AreIn(JsonElement? body) => Find(body) is not null;

    private static (string Type, string Code, string Message)[]? Find(JsonElement? body) =>
        body is { ValueKind: JsonValueKind.Object } told
            ? new JsonFields(told, "", new JsonFault()).Items("errors", ErrorsMax)?
                .Select(e => (e.Text("error_type") ?? "", e.Text("error_code") ?? "",
                    e.Text("message") ?? e.Text("error_code") ?? "an error without words")).ToArray()
            : null;
}
