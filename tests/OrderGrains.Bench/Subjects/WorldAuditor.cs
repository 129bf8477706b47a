using OrderGrains.Sandbox;

namespace OrderGrains.Bench.Subjects;

/// <summary>
/// Whether a run may be believed: every order that had its 200 is at the warehouse, exactly once, and what is reserved
/// is what the warehouse was asked for. Each fault is a sentence.
/// </summary>
internal static class WorldAuditor
{
    private static readonly TimeSpan QuietMax = TimeSpan.FromSeconds(30);

    /// <summary>After a load that went the whole path; waits until all has arrived.</summary>
    /// <param name="world">What was loaded.</param>
    /// <param name="deadline">How long all may take to arrive.</param>
    /// <param name="mayLack">Numbers that lack stock, so that the warehouse may never hear of them.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<IReadOnlyList<string>> AuditOrdersAsync(
        World world, TimeSpan deadline, IReadOnlySet<long>? mayLack, CancellationToken cancellation)
    {
        var faults = new List<string>();
        var expected = world.Acknowledged.Count - (mayLack?.Count ?? 0);
        var count = await world.Warehouse.WaitForAsync(expected, deadline, cancellation);
        if (count != expected) faults.Add($"{expected} orders were acknowledged, and {count} are at the warehouse");
        var arrived = (await world.Warehouse.ArrivalsAsync(0, cancellation)).Select(each => each.Number).ToHashSet();
        var lost = world.Acknowledged.Count(number => !arrived.Contains(number) && mayLack?.Contains(number) != true);
        if (lost > 0) faults.Add($"{lost} acknowledged orders are not at the warehouse");

        var witness = await world.Warehouse.WitnessAsync(cancellation);
        if (witness.Twice > 0) faults.Add($"{witness.Twice} orders are at the warehouse twice");
        if (witness.Complaint is { } complaint) faults.Add($"the warehouse complains: {complaint}");
        var wrong = new List<string>();
        foreach (var sku in world.Shape.AllSkus)
        {
            var units = witness.Units.GetValueOrDefault(sku);
            var stock = await world.Running.FindStockAsync(sku, cancellation);
            if (stock is null || stock.Reserved != units || stock.Reserved > stock.OnHand)
                wrong.Add($"{sku}: {units} units at the warehouse, {stock?.Reserved} reserved of {stock?.OnHand}");
        }
        if (wrong.Count > 0) faults.Add($"{wrong.Count} SKUs are wrong, such as {wrong[0]}");
        if (world.Subject.IsProduct && !await IsQuietAsync(world, cancellation))
            faults.Add("the product's own audit is not balanced and quiet");
        return faults;
    }

    /// <summary>The last answers of the warehouse take a moment to be recorded.</summary>
    private static Task<bool> IsQuietAsync(World world, CancellationToken cancellation) => Until.TrueAsync(
        async token => await world.Running.FindAuditAsync(token) is { Balanced: true, IsQuiet: true },
        QuietMax, TimeProvider.System, cancellation);

    /// <summary>After a load that asks for the 200 alone: what was answered is in the database.</summary>
    public static async Task<IReadOnlyList<string>> AuditReceiptsAsync(World world, CancellationToken cancellation)
    {
        var received = world.Subject switch
        {
            { IsProduct: true } => (await world.Running.FindAuditAsync(cancellation))?.Receipts.Received ?? 0,
            { CountSql: { } sql } => await world.Database.ScalarAsync(sql),
            _ => world.Acknowledged.Count,
        };
        return received >= world.Acknowledged.Count
            ? []
            : [$"{world.Acknowledged.Count} webhooks were acknowledged, and {received} are in the database"];
    }
}
