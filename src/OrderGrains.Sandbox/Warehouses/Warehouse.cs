using System.Net;

namespace OrderGrains.Sandbox.Warehouses;

/// <summary>
/// A make-believe warehouse system. It serves the warehouse protocol, remembers every
/// reference, ships what it took after a while and says so in signed events. It can be told to fail (<see
/// cref="Faults"/>) and to go away and come back on the same port; its memory stays.
/// </summary>
public sealed class Warehouse : IAsyncDisposable
{
    private static readonly TimeSpan ListenAgainPause = TimeSpan.FromMilliseconds(100);
    private const int ListenAttemptsMax = 50;

    private readonly WarehouseOptions _options;
    private readonly TimeProvider _time;
    private readonly WarehouseProtocol _protocol;
    private readonly WarehouseEvents _events;
    private readonly WarehouseClerk _clerk;
    private readonly CancellationTokenSource _ending = new();
    private readonly SemaphoreSlim _door = new(1, 1);
    private readonly Action<string, string>? _say;
    private WebApplication? _host;
    private Task _work = Task.CompletedTask;
    private int _port;

    /// <param name="options">What it is called, holds and how fast it ships.</param>
    /// <param name="product">The product's base address now; asked at each event, as a restart moves it.</param>
    /// <param name="time">Times picking, shipping, hanging and retries.</param>
    /// <param name="http">Left to the caller to dispose.</param>
    /// <param name="say">Told the reference, or null, and what happened.</param>
    public Warehouse(
        WarehouseOptions options, Func<Uri> product, TimeProvider time, HttpClient http,
        Action<string, string>? say = null)
    {
        (_options, _time, _say) = (options, time, say);
        _port = options.Listen.Port;
        Book = new WarehouseBook(options.Stock);
        _events = new WarehouseEvents(options, product, time, http);
        _clerk = new WarehouseClerk(options, Book, _events, Witness, time, say);
        _protocol = new WarehouseProtocol(options, Book, Faults, Witness, time, _clerk.Plan, say);
    }

    public string Name => _options.Name;

    public string Location => _options.Location;

    /// <summary>For <c>Warehouses:{name}:BaseUrl</c>. Known once started; stays the same.</summary>
    public Uri BaseUrl => new($"http://127.0.0.1:{_port}");

    public WarehouseBook Book { get; }

    public FaultScript Faults { get; } = new();

    /// <summary>Sees what is done and said here. Set it before anything is.</summary>
    public Witness Witness { get; } = new();

    public WarehouseHabits Habits => _options.Habits;

    /// <summary>How far its clock is ahead.</summary>
    public TimeSpan ClockError => _options.ClockError;

    /// <summary>Parcels still to leave and events that have no 200 yet.</summary>
    public int Unfinished => _clerk.Planned + _events.Unsent;

    /// <summary>Events that have their 200.</summary>
    public int EventsAcknowledged => _events.Acknowledged;

    public bool IsAway => _host is null;

    public async Task StartAsync(CancellationToken cancellation)
    {
        await ComeBackAsync(cancellation);
        _work = Task.WhenAll(_clerk.RunAsync(_ending.Token), _events.RunAsync(_ending.Token));
    }

    /// <summary>Stops listening at once; calls in hand are cut off. People go on picking and shipping.</summary>
    public async Task GoAwayAsync()
    {
        await _door.WaitAsync(CancellationToken.None);
        try
        {
            await SandboxHost.EndAsync(_host);
            _host = null;
        }
        finally
        {
            _door.Release();
        }
    }

    /// <summary>Listens again, on the same port.</summary>
    public async Task ComeBackAsync(CancellationToken cancellation)
    {
        await _door.WaitAsync(cancellation);
        try
        {
            for (var attempt = 1; _host is null; attempt++)
            {
                try
                {
                    _host = await ListenAsync(cancellation);
                }
                catch (IOException) when (attempt < ListenAttemptsMax)
                {
                    // For a moment someone else's outgoing connection may have been given the port.
                    await Task.Delay(ListenAgainPause, _time, cancellation);
                }
            }
        }
        finally
        {
            _door.Release();
        }
    }

    /// <summary>What was left on the shelf is picked and shipped from now on.</summary>
    public void OpenShelf() => _clerk.OpenShelf();

    /// <summary><c>stock.counted</c> with what is on the shelves; ends with its 200.</summary>
    /// <param name="sku">The one that is counted; null: all.</param>
    /// <param name="late">How long after the counting it is told.</param>
    public Task CountAsync(string? sku = null, TimeSpan late = default)
    {
        var (onHand, at) = Book.Timed(_time, () => Book.OnHand);
        var items = onHand.Where(item => sku is null || item.Key == sku).ToList();
        var asOf = at + ClockError;
        return _events.SendAsync(
            "stock.counted",
            new
            {
                location = Location,
                asOf = asOf.UtcDateTime,
                items = items.Select(item => new { sku = item.Key, onHand = item.Value }),
            },
            late,
            (id, now) => items.ForEach(item =>
                Witness.OfStock?.Invoke(new StockSaying(StockWord.Counted, item.Key, item.Value, asOf, id, now))));
    }

    /// <summary><c>stock.adjusted</c>: goods in, or found broken; ends with its 200.</summary>
    /// <param name="sku">What came or went.</param>
    /// <param name="delta">Above 0: came.</param>
    /// <param name="reason">For people.</param>
    /// <param name="late">How long after it is told.</param>
    public Task AdjustAsync(string sku, int delta, string reason, TimeSpan late = default)
    {
        var (_, right) = Book.Timed(_time, () => Book.Adjust(sku, delta));
        var at = right + ClockError;
        _say?.Invoke("", $"{delta:+0;-0} × {sku}: {reason}");
        return _events.SendAsync(
            "stock.adjusted",
            new
            {
                location = Location,
                adjustmentId = $"adj_{Guid.CreateVersion7(at):N}",
                sku,
                delta,
                reason,
                at = at.UtcDateTime,
            },
            late,
            (id, now) => Witness.OfStock?.Invoke(new StockSaying(StockWord.Adjusted, sku, delta, at, id, now)));
    }

    /// <summary><c>order.refused</c>. False when it is picked or gone already.</summary>
    public async Task<bool> RefuseAsync(string reference, string reason)
    {
        if (Book.Refuse(reference) is null) return false;
        await _events.SendAsync("order.refused", new { reference, reason });
        return true;
    }

    /// <summary><c>order.cancelled</c>. False when it is picked or gone already.</summary>
    public async Task<bool> CancelAsync(string reference)
    {
        if (Book.Drop(reference) is null) return false;
        await _events.SendAsync("order.cancelled", new { reference });
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _work.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await GoAwayAsync();
        _ending.Dispose();
        _door.Dispose();
    }

    private async Task<WebApplication> ListenAsync(CancellationToken cancellation)
    {
        var host = await SandboxHost.StartAsync(
            new IPEndPoint(_options.Listen.Address, _port), host => _protocol.Map(host), cancellation);
        _port = new Uri(host.Urls.First()).Port;
        return host;
    }
}
