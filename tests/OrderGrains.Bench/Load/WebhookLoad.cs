using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using OrderGrains.Bench.Measuring;

namespace OrderGrains.Bench.Load;

/// <summary>
/// The two ways to load a subject: as fast as its answers come (what can it do?), and on a schedule that does not wait
/// for it (how long does it take?). Connections are spread over its addresses.
/// </summary>
internal sealed class WebhookLoad(IReadOnlyList<Uri> addresses, SignedOrders orders)
{
    /// <summary>What the open loop may have under way; beyond, webhooks wait, and their latency counts that.</summary>
    private const int OpenConnections = 256;

    private static readonly TimeSpan AnswersMax = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Each connection sends its next webhook when its last is answered, for so long, or until no signed order is left.
    /// </summary>
    /// <param name="connections">Webhooks under way at once.</param>
    /// <param name="duration">How long.</param>
    /// <param name="admit">Awaited before each webhook; null lets it go at once.</param>
    /// <param name="cancellation">Ends it all.</param>
    public async Task<LoadResult> ClosedAsync(
        int connections, TimeSpan duration, Func<long, ValueTask>? admit, CancellationToken cancellation)
    {
        var opened = await OpenAsync(connections, cancellation);
        var first = orders.Next;
        var refused = new ConcurrentQueue<long>();
        var startedAt = Stopwatch.GetTimestamp();
        var endAt = startedAt + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        try
        {
            var histograms = await Task.WhenAll(opened.Select(connection => Task.Run(
                async () =>
                {
                    var latency = new LatencyHistogram();
                    while (Stopwatch.GetTimestamp() < endAt && orders.TryTake(out var number))
                    {
                        if (admit is not null) await admit(number);
                        var sentAt = Stopwatch.GetTimestamp();
                        await PostAsync(connection, number, sentAt, latency, refused, cancellation);
                    }
                    return latency;
                }, cancellation)));
            return Sum(first, orders.Next, startedAt, 0, refused, histograms);
        }
        finally
        {
            foreach (var connection in opened) connection.Dispose();
        }
    }

    /// <summary>
    /// A webhook each so often, whatever the subject does; latencies count from the moment that it was due.
    /// </summary>
    public async Task<LoadResult> OpenAsync(double perSecond, TimeSpan duration, CancellationToken cancellation)
    {
        var count = (long)(perSecond * duration.TotalSeconds);
        orders.Prepare(count);
        var opened = await OpenAsync((int)Math.Min(count, OpenConnections), cancellation);
        var (first, interval) = (orders.Next, Stopwatch.Frequency / perSecond);
        var refused = new ConcurrentQueue<long>();
        var due = Channel.CreateUnbounded<(long Number, long At)>(new() { SingleWriter = true });
        var startedAt = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 50);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(duration + AnswersMax);
        try
        {
            var senders = opened.Select(connection => Task.Run(
                async () =>
                {
                    var latency = new LatencyHistogram();
                    await foreach (var (number, at) in due.Reader.ReadAllAsync(cancellation))
                        await PostAsync(connection, number, at, latency, refused, late.Token);
                    return latency;
                }, cancellation)).ToList();
            var pacer = new Thread(() => Pace(due.Writer, count, startedAt, interval)) { IsBackground = true };
            pacer.Start();
            return Sum(first, first + count, startedAt, interval, refused, await Task.WhenAll(senders));
        }
        finally
        {
            foreach (var connection in opened) connection.Dispose();
        }
    }

    private void Pace(ChannelWriter<(long Number, long At)> due, long count, long startedAt, double interval)
    {
        for (var sent = 0L; sent < count; sent++)
        {
            var at = startedAt + (long)(sent * interval);
            NanoSleep.Until(at);
            if (orders.TryTake(out var number)) due.TryWrite((number, at));
        }
        due.Complete();
    }

    private static async ValueTask PostAsync(
        LoadConnection connection, long number, long dueAt, LatencyHistogram latency, ConcurrentQueue<long> refused,
        CancellationToken cancellation)
    {
        try
        {
            if (await connection.PostAsync(number, cancellation) == 200)
                latency.RecordTicks(Stopwatch.GetTimestamp() - dueAt);
            else
                refused.Enqueue(number);
        }
        catch (Exception broken) when (broken is IOException or System.Net.Sockets.SocketException
            or OperationCanceledException)
        {
            refused.Enqueue(number);
        }
    }

    private async Task<List<LoadConnection>> OpenAsync(int count, CancellationToken cancellation)
    {
        var opened = new List<LoadConnection>(count);
        for (var at = 0; at < count; at++)
            opened.Add(await LoadConnection.OpenAsync(addresses[at % addresses.Count], orders, cancellation));
        return opened;
    }

    private static LoadResult Sum(
        long first, long end, long startedAt, double interval, IReadOnlyCollection<long> refused,
        IEnumerable<LatencyHistogram> parts)
    {
        var endedAt = Stopwatch.GetTimestamp();
        var latency = new LatencyHistogram();
        foreach (var part in parts) latency.Add(part);
        return new LoadResult
        {
            First = first,
            End = end,
            StartedAt = startedAt,
            EndedAt = endedAt,
            Interval = interval,
            Refused = refused,
            Latency = latency,
        };
    }
}
