using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using OrderGrains.Bench.Load;

namespace OrderGrains.Bench.Warehouse;

/// <summary>What the warehouse has: the independent witness of what a subject did.</summary>
/// <param name="Orders">References, each once.</param>
/// <param name="Again">Calls for a reference that was there already.</param>
/// <param name="Twice">Orders under more than one reference.</param>
/// <param name="Complaint">The first thing that was wrong with a call; null when nothing was.</param>
/// <param name="Units">Units taken, by SKU.</param>
internal sealed record WarehouseWitness(
    long Orders, long Again, long Twice, string? Complaint, IReadOnlyDictionary<string, long> Units);

/// <summary>When the warehouse first had an order.</summary>
/// <param name="Number">The order's number in the load.</param>
/// <param name="At">In ticks of Stopwatch, whose clock all processes of the machine share.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Arrival(long Number, long At);

/// <summary>The warehouse's memory, kept in the order of arrival.</summary>
internal sealed class WarehouseLedger
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _references = new(StringComparer.Ordinal);
    private readonly HashSet<long> _orders = [];
    private readonly List<Arrival> _arrivals = [];
    private readonly Dictionary<string, long> _units = new(StringComparer.Ordinal);
    private long _again;
    private long _twice;
    private string? _complaint;

    public long Count
    {
        get
        {
            lock (_lock) return _arrivals.Count;
        }
    }

    /// <summary>The body of <c>PUT /orders/{reference}</c> (CONTRACT section 3). True: it is new.</summary>
    public bool Take(string reference, ReadOnlySpan<byte> body)
    {
        var at = Stopwatch.GetTimestamp();
        var (said, orderId, lines) = Read(body);
        lock (_lock)
        {
            if (said != reference) Complain($"{reference} says that it is {said}");
            if (lines.Count == 0) Complain($"{reference} has no lines");
            if (!_references.Add(reference))
            {
                _again++;
                return false;
            }
            if (!long.TryParse(orderId, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                Complain($"{reference} is of order {orderId}");
            if (!_orders.Add(id)) _twice++;
            _arrivals.Add(new Arrival(OrderTemplate.NumberOf(id), at));
            foreach (var (sku, quantity) in lines)
                CollectionsMarshal.GetValueRefOrAddDefault(_units, sku, out _) += quantity;
            return true;
        }
    }

    public bool Has(string reference)
    {
        lock (_lock) return _references.Contains(reference);
    }

    /// <summary>Arrivals from this place in the list on, as they lie in memory.</summary>
    public byte[] ArrivalsFrom(int place)
    {
        lock (_lock) return MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_arrivals)[place..]).ToArray();
    }

    public WarehouseWitness Witness()
    {
        lock (_lock)
        {
            return new WarehouseWitness(_arrivals.Count, _again, _twice, _complaint,
                new Dictionary<string, long>(_units, StringComparer.Ordinal));
        }
    }

    private void Complain(string what) => _complaint ??= what;

    private static (string? Reference, string? OrderId, List<(string Sku, int Quantity)> Lines) Read(
        ReadOnlySpan<byte> body)
    {
        string? reference = null, orderId = null, sku = null;
        var lines = new List<(string, int)>(2);
        var json = new Utf8JsonReader(body);
        while (json.Read())
        {
            if (json.TokenType is not JsonTokenType.PropertyName) continue;
            if (json.CurrentDepth == 1 && json.ValueTextEquals("reference"u8)) reference = Next(ref json);
            else if (json.CurrentDepth == 1 && json.ValueTextEquals("orderId"u8)) orderId = Next(ref json);
            else if (json.CurrentDepth == 3 && json.ValueTextEquals("sku"u8)) sku = Next(ref json);
            else if (json.CurrentDepth == 3 && json.ValueTextEquals("quantity"u8) && json.Read())
                lines.Add((sku ?? "", json.GetInt32()));
        }
        return (reference, orderId, lines);
    }

    private static string? Next(ref Utf8JsonReader json) => json.Read() ? json.GetString() : null;
}
