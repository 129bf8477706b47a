using System.Text.Json.Nodes;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.Tryton;

/// <summary>
/// Times as JSON-RPC of Tryton has them: an object of numbers, in UTC (<c>trytond/protocols/jsonrpc.py</c>).
/// </summary>
internal static class TrytonTime
{
    /// <summary>Required.</summary>
    public static DateTimeOffset Read(JsonFields fields, string name)
    {
        if (fields.Object(name) is not { } time)
        {
            fields.Missing(name);
            return default;
        }

        var (year, month) = (time.Whole("year", 1, 9999), time.Whole("month", 1, 12));
        var day = time.Whole("day", 1, year > 0 && month > 0 ? DateTime.DaysInMonth(year, month) : 1);
        if (year == 0 || month == 0 || day == 0)
            return default;
        return new DateTimeOffset(
            year, month, day, time.Whole("hour", 0, 23), time.Whole("minute", 0, 59), time.Whole("second", 0, 59),
            TimeSpan.Zero).AddMicroseconds(time.Whole("microsecond", 0, 999_999));
    }

    public static JsonObject Write(DateTimeOffset time) => new()
    {
        ["__class__"] = "datetime",
        ["year"] = time.UtcDateTime.Year,
        ["month"] = time.UtcDateTime.Month,
        ["day"] = time.UtcDateTime.Day,
        ["hour"] = time.UtcDateTime.Hour,
        ["minute"] = time.UtcDateTime.Minute,
        ["second"] = time.UtcDateTime.Second,
        ["microsecond"] = (time.UtcDateTime.Millisecond * 1000) + time.UtcDateTime.Microsecond,
    };
}
