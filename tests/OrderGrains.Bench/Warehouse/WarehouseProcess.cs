using System.Net.Http.Json;
using System.Runtime.InteropServices;
using OrderGrains.Bench.Subjects;
using OrderGrains.Sandbox;

namespace OrderGrains.Bench.Warehouse;

/// <summary>The warehouse's process, and what the bench asks it.</summary>
internal sealed class WarehouseProcess(RoleProcess process, HttpClient http, TimeProvider time) : IAsyncDisposable
{
    public const string RoleName = "warehouse";

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(20);

    public Uri Address => process.Address;

    public int ProcessId => process.ProcessId;

    public static async Task<WarehouseProcess> StartAsync(
        HttpClient http, TimeProvider time, CancellationToken cancellation) =>
        new(await RoleProcess.StartAsync([RoleName], asWebServer: false, cancellation), http, time);

    public async Task<long> CountAsync(CancellationToken cancellation) =>
        long.Parse(await http.GetStringAsync(new Uri(Address, "/count"), cancellation));

    /// <summary>Waits until so many orders are there; how many are, at the end or at the deadline.</summary>
    public async Task<long> WaitForAsync(long orders, TimeSpan deadline, CancellationToken cancellation)
    {
        var count = 0L;
        await Until.TrueAsync(
            async token => (count = await CountAsync(token)) >= orders, deadline, time, cancellation, Beat);
        return count;
    }

    /// <summary>All that arrived, from this place in the list on.</summary>
    public async Task<Arrival[]> ArrivalsAsync(long from, CancellationToken cancellation)
    {
        var bytes = await http.GetByteArrayAsync(new Uri(Address, $"/arrivals?from={from}"), cancellation);
        return MemoryMarshal.Cast<byte, Arrival>(bytes).ToArray();
    }

    public async Task<WarehouseWitness> WitnessAsync(CancellationToken cancellation) =>
        (await http.GetFromJsonAsync<WarehouseWitness>(new Uri(Address, "/witness"), cancellation))!;

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
