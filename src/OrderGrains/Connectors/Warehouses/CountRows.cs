using System.Runtime.InteropServices;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses;

/// <summary>
/// The rows of a count, one after the other: those that are understood, and the first of those that are not. A SKU of
/// which two rows say different things is not counted at all, since nobody knows which is right.
/// </summary>
internal sealed class CountRows
{
    /// <summary>Rows that a reason names; it is read by people and stands in an index.</summary>
    private const int NamedMax = 5;

    private const int SkuCharsMax = 40;

    private readonly Dictionary<string, Row> _bySku = new(StringComparer.Ordinal);
    private readonly List<string> _named = [];
    private int _leftCount;

    public void Add(JsonRow row)
    {
        var sku = row.Fields?.Sku("sku");
        if (row.Fault.Take() is { } wrong)
        {
            Leave(row.Index, null, wrong);
            return;
        }

        var onHand = row.Fields!.Value.Whole("onHand", 0, ConnectorLimits.OnHandMax);
        wrong = row.Fault.Take();
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_bySku, sku!, out var isKnown);
        if (!isKnown)
            known = new Row(row.Index, wrong is null ? onHand : null);
        else if (wrong is null && known.OnHand == onHand)
            return;
        else
            wrong = Doubt(ref known, wrong, onHand);
        if (wrong is not null)
            Leave(row.Index, sku, wrong);
    }

    /// <summary>What is counted.</summary>
    public StockItem[] Items() =>
        [.. _bySku.Where(s => s.Value.OnHand is not null).Select(s => new StockItem(s.Key, s.Value.OnHand!.Value))];

    /// <summary>Why the rest is not counted; null when all is.</summary>
    public string? Left()
    {
        if (_leftCount == 0)
            return null;
        var more = _leftCount > _named.Count ? $"; and {_leftCount - _named.Count} more" : "";
        var rest = _bySku.Values.Count(r => r.OnHand is not null) switch
        {
            0 => "nothing is counted",
            1 => "the other one is counted",
            var others => $"the {others} others are counted",
        };
        return $"{string.Join("; ", _named)}{more}; {rest}";
    }

    private static string Doubt(ref Row known, string? wrong, int onHand)
    {
        var first = known;
        known = known with { OnHand = null };
        if (wrong is not null)
            return first.OnHand is null ? wrong : $"{wrong}; nor does items[{first.Index}] of this SKU count";
        return first.OnHand is { } before
            ? $"onHand is {onHand}, and {before} in items[{first.Index}]; neither counts"
            : $"does not count, since items[{first.Index}] of this SKU does not";
    }

    private void Leave(int index, string? sku, string wrong)
    {
        _leftCount++;
        if (_named.Count == NamedMax)
            return;
        var of = sku is null ? "" : $" (SKU {Printable.Of(sku, SkuCharsMax)})";
        _named.Add($"items[{index}]{of}: {wrong}");
    }

    /// <summary>The first row of a SKU.</summary>
    /// <param name="Index">Its place.</param>
    /// <param name="OnHand">Null when the SKU is not counted.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Row(int Index, int? OnHand);
}
