using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Threading.Channels;

namespace OrderGrains.Sandbox.Warehouses;

/// <summary>
/// Sends the warehouse's events until each has its 200: the id stays, timestamp and signature are new at each attempt,
/// as Standard Webhooks asks.
/// </summary>
internal sealed class WarehouseEvents(WarehouseOptions options, Func<Uri> product, TimeProvider time, HttpClient http)
{
    private const int SendersMax = 8;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan[] RetryDelays =
        [TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1)];

    // Unbounded on purpose: an event stands for a parcel that has left, and each order has at most a few.
    private readonly Channel<Event> _queue = Channel.CreateUnbounded<Event>();
    private int _count;
    private int _unsent;
    private int _acknowledged;

    private sealed record Event(string Id, byte[] Body, TaskCompletionSource Sent);

    /// <summary>Events that have no 200 yet.</summary>
    public int Unsent => Volatile.Read(ref _unsent);

    /// <summary>Events that have their 200; one that was sent twice counts once.</summary>
    public int Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>Queues an event; the task ends with its 200.</summary>
    /// <param name="type">Such as <c>stock.counted</c>.</param>
    /// <param name="data">Its <c>data</c>.</param>
    /// <param name="late">How long it is kept before it is first sent; events that come meanwhile overtake it.</param>
    /// <param name="telling">Told its id and the time just before that.</param>
    public Task SendAsync(
        string type, object data, TimeSpan late = default, Action<string, DateTimeOffset>? telling = null)
    {
        var n = Interlocked.Increment(ref _count);
        var id = $"msg_{Guid.CreateVersion7(time.GetUtcNow()):N}";
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // Every so many rather than by chance: the share holds in short runs too.
        var twice = n * options.EventsTwicePercent / 100 > (n - 1) * options.EventsTwicePercent / 100;
        Interlocked.Add(ref _unsent, twice ? 2 : 1);
        if (late > TimeSpan.Zero) _ = PutLaterAsync();
        else Put();
        return done.Task;

        async Task PutLaterAsync()
        {
            await Task.Delay(late, time);
            Put();
        }

        void Put()
        {
            var now = time.GetUtcNow();
            telling?.Invoke(id, now);
            var body = JsonSerializer.SerializeToUtf8Bytes(
                new { type, timestamp = (now + options.ClockError).UtcDateTime, data }, JsonSerializerOptions.Web);
            var sent = new Event(id, body, done);
            _queue.Writer.TryWrite(sent);
            if (twice) _queue.Writer.TryWrite(sent);
        }
    }

    public Task RunAsync(CancellationToken cancellation) =>
        Task.WhenAll(Enumerable.Range(0, SendersMax).Select(_ => DrainAsync(cancellation)));

    private async Task DrainAsync(CancellationToken cancellation)
    {
        await foreach (var next in _queue.Reader.ReadAllAsync(cancellation))
        {
            for (var attempt = 0; !await PostAsync(next, cancellation); attempt++)
                await Task.Delay(RetryDelays[Math.Min(attempt, RetryDelays.Length - 1)], time, cancellation);
            Interlocked.Decrement(ref _unsent);
            if (next.Sent.TrySetResult()) Interlocked.Increment(ref _acknowledged);
        }
    }

    private async Task<bool> PostAsync(Event next, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(AnswerTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        var timestamp = (time.GetUtcNow() + options.ClockError).ToUnixTimeSeconds();
        try
        {
            using var request =
                new HttpRequestMessage(HttpMethod.Post, new Uri(product(), $"/webhooks/v1/{options.Name}"));
            request.Content = new ByteArrayContent(next.Body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.Add("webhook-id", next.Id);
            request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
            request.Headers.Add("webhook-signature",
                StandardWebhooks.Sign(options.EventSecret, next.Id, timestamp, next.Body));
            using var response = await http.SendAsync(request, either.Token);
            return response.StatusCode is HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
