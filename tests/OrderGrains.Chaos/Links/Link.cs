using System.Collections.Concurrent;

namespace OrderGrains.Chaos.Links;

/// <summary>
/// Everything that is connected from one place to another, with switches that can change at any time.
/// </summary>
/// <param name="name">For people.</param>
internal sealed class Link(string name)
{
    private readonly ConcurrentDictionary<ProxiedConnection, bool> _connections = new();

    public string Name => name;

    /// <summary>From whoever connected.</summary>
    public Way Forth { get; } = new();

    /// <summary>To whoever connected.</summary>
    public Way Back { get; } = new();

    public int Connections => _connections.Count;

    /// <summary>Nothing passes either way, and no end is told.</summary>
    public IDisposable Cut() => Undo.All([Forth.Hold(), Back.Hold()]);

    public IDisposable Slow(TimeSpan eachWay) => Undo.All([Forth.Slow(eachWay), Back.Slow(eachWay)]);

    /// <summary>Breaks what is connected now; both ends are told.</summary>
    public void Reset()
    {
        foreach (var connection in _connections.Keys) connection.Reset();
    }

    internal void Add(ProxiedConnection connection) => _connections[connection] = true;

    internal void Remove(ProxiedConnection connection) => _connections.TryRemove(connection, out _);

    public override string ToString() => name;
}
