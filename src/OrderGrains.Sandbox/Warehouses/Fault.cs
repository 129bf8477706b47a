using System.Collections.Concurrent;

namespace OrderGrains.Sandbox.Warehouses;

/// <summary>What the make-believe warehouse does to one request instead of serving it well. A closed set.</summary>
public abstract record Fault
{
    private Fault()
    {
    }

    /// <summary>Serve it.</summary>
    public static Fault None { get; } = new Serve();

    public sealed record Serve : Fault;

    /// <summary>Answer this status code and do nothing; Retry-After goes out as whole seconds when given.</summary>
    public sealed record Status(int Code, TimeSpan? RetryAfter = null) : Fault;

    /// <summary>Wait first; serve only if the caller is still there then.</summary>
    public sealed record HangBefore(TimeSpan Duration) : Fault;

    /// <summary>Serve it, but keep the answer back: the caller who hangs up cannot know that it was done.</summary>
    public sealed record HangAfter(TimeSpan Duration) : Fault;

    /// <summary>Serve it, and send the answer byte by byte over this time.</summary>
    public sealed record Drip(TimeSpan Duration) : Fault;

    /// <summary>Answer this instead of what the protocol promises.</summary>
    /// <param name="Code">The status code; 204 goes without a body.</param>
    /// <param name="Body">May be empty, no JSON, JSON of another shape, or an error inside a 200.</param>
    /// <param name="Done">Whether it is served for all that.</param>
    public sealed record Garbage(int Code, string Body, bool Done) : Fault;

    /// <summary>Answer 200 and a body of this many bytes that never becomes a whole JSON object.</summary>
    public sealed record Huge(long BodyBytes, bool Done) : Fault;

    /// <summary>Break the connection.</summary>
    /// <param name="Done">Whether it is served first.</param>
    public sealed record Abort(bool Done) : Fault;

    /// <summary>
    /// Say no to an order that it has not taken, so that a person must look: 422, a redirect, any status that parks.
    /// The book remembers it (<see cref="WarehouseBook.RefusedByAnswer"/>). Any other call is served: a no to a change
    /// or to a look-up would leave it open what the order is.
    /// </summary>
    public sealed record Refuse(int Code = 422) : Fault;
}

/// <summary>The calls of CONTRACT section 3, and what other systems are asked beside.</summary>
public enum CallKind
{
    TakeOrder,
    FindOrder,
    CancelOrder,
    CountStock,
    FindProduct,
    FetchNews,
    ConfirmOrder,
}

/// <summary>
/// A request as a fault script sees it; its subject is the order's reference, or the location for a stock call.
/// </summary>
public readonly record struct WarehouseCall(CallKind Kind, string Subject);

/// <summary>
/// Decides the fault of each request: first what is queued, each once; then the standing rule, if there is one.
/// </summary>
public sealed class FaultScript
{
    private readonly ConcurrentQueue<Fault> _queue = new();
    private volatile Func<WarehouseCall, Fault>? _rule;

    /// <summary>Asked for each request that finds the queue empty. Requests run at the same time, so must it.</summary>
    public Func<WarehouseCall, Fault>? Rule { get => _rule; set => _rule = value; }

    /// <summary>The next requests, whatever they are, meet these.</summary>
    public void Enqueue(Fault fault, int times = 1)
    {
        for (var i = 0; i < times; i++) _queue.Enqueue(fault);
    }

    public Fault Next(WarehouseCall call) =>
        _queue.TryDequeue(out var fault) ? fault : _rule?.Invoke(call) ?? Fault.None;
}
