using System.Collections.Concurrent;
using System.Globalization;
using OrderGrains.Sandbox;
using OrderGrains.Sandbox.Warehouses;

namespace OrderGrains.Chaos.Trade;

/// <summary>
/// The faults of a warehouse's own: all that an HTTP server can do wrong and the protocol calls nothing, and now and
/// then a no that is meant.
/// </summary>
/// <remarks>
/// Left out is what means something that is not so: 404, 409 and 400 without a cause, and 401 and 403, which stop all
/// calls for a minute. What parks (422, redirects, odd 4xx) strikes only orders that the warehouse has not taken, and
/// none that belong on the shelf; the book remembers them.
/// </remarks>
internal static class Sickness
{
    /// <summary>Of a hundred faults, how many are a no that is meant, unless a run says another share.</summary>
    public const int RefusedPercent = 3;

    private const long HugeBytes = 50_000_000;

    private static readonly int[] Again = [408, 425, 429, 500, 501, 502, 503, 504, 507, 511, 520, 599];
    private static readonly int[] Parks = [422, 422, 418, 301, 302, 307];

    private static readonly string[] Garbage =
    [
        "", "{}", "{\"data\":{\"warehouseOrderId\":\"W9\"}}", "<html><body>Welcome back</body></html>", "[]", "null",
        "\"ok\"", "{\"warehouseOrderId\":",
        "{\"success\":false,\"warehouseOrderId\":\"W9\"}", "{\"error\":\"the database is down\"}",
        "{\"status\":\"error\",\"errors\":[\"busy\"]}",
        "{\"reference\":\"another-1-1\",\"warehouseOrderId\":\"W9\",\"status\":\"cancelled\"}",
    ];

    /// <summary>
    /// Of a hundred calls, how many meet one. The nth call of a kind on an order draws the same, whatever else goes on.
    /// </summary>
    /// <param name="seed">Draws.</param>
    /// <param name="percent">0 to 100.</param>
    /// <param name="habits">Orders that are for the shelf are never answered no.</param>
    /// <param name="refusedPercent">Of a hundred faults, how many are such a no: 0 to 100.</param>
    public static Func<WarehouseCall, Fault> Rule(
        int seed, int percent, WarehouseHabits? habits = null, int refusedPercent = RefusedPercent)
    {
        var calls = new ConcurrentDictionary<WarehouseCall, int>();
        return call =>
        {
            var nth = calls.AddOrUpdate(call, 0, (_, before) => before + 1);
            var random = Draw.For(
                seed, string.Create(CultureInfo.InvariantCulture, $"sick {call.Kind} {call.Subject}"), nth);
            if (random.Next(100) >= percent) return Fault.None;
            var fault = One(random, refusedPercent);
            return fault is Fault.Refuse && (habits?.IsForShelf(call.Subject) ?? true) ? Fault.None : fault;
        };
    }

    private static Fault One(Random random, int refusedPercent)
    {
        if (random.Next(100) < refusedPercent) return new Fault.Refuse(Parks[random.Next(Parks.Length)]);
        var done = random.Next(2) == 0;
        // Hung calls outlast the product's patience or do not quite.
        var hang = TimeSpan.FromSeconds(0.5 + (4 * random.NextDouble()));
        return random.Next(97) switch
        {
            < 30 => new Fault.Status(Again[random.Next(Again.Length)],
                random.Next(4) == 0 ? TimeSpan.FromSeconds(1) : null),
            < 40 => new Fault.HangBefore(hang),
            < 50 => new Fault.HangAfter(hang),
            < 58 => new Fault.Drip(hang),
            < 74 => new Fault.Garbage(random.Next(3) == 0 ? 201 : 200, Garbage[random.Next(Garbage.Length)], done),
            < 78 => new Fault.Garbage(random.Next(3) switch { 0 => 202, 1 => 204, _ => 206 }, "", done),
            < 81 => new Fault.Huge(HugeBytes, done),
            _ => new Fault.Abort(done),
        };
    }
}
