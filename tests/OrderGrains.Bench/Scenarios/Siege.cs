using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using OrderGrains.Bench.Load;
using OrderGrains.Bench.Measuring;
using OrderGrains.Bench.Peers;
using OrderGrains.Bench.Reports;
using OrderGrains.Bench.Subjects;

namespace OrderGrains.Bench.Scenarios;

/// <summary>
/// Everything at once: senders of large bodies, connections that do nothing, senders that are slow, forged signatures.
/// How much memory the process has, what an honest source notices, and how soon it is over. <c>--measured</c> is how
/// long it lasts.
/// </summary>
internal static class Siege
{
    private const string Large = "large";
    private const double HonestPerSecond = 50;
    private const int LargeSenders = 64;
    private const int LargeBytes = 2 * 1024 * 1024;
    private const int IdleConnections = 2_000;
    private const int SlowSenders = 500;
    private const int ForgedPerSecond = 1_000;

    private static readonly TimeSpan Around = TimeSpan.FromSeconds(10);

    public static Scenario Scenario { get; } = new(
        "siege", "64 senders of 2 MiB, 2,000 idle connections, 500 slow ones, 1,000 forged signatures a second",
        [Subject.Ours with { Settings = Settings }], [], MeasureAsync);

    private static Dictionary<string, string> Settings => new(StringComparer.Ordinal)
    {
        [$"Sources:{Large}:Kind"] = "Shopify",
        [$"Sources:{Large}:Secrets:0"] = OrderTemplate.Secret,
        [$"Sources:{Large}:Locations:0"] = PeerRole.Location,
    };

    private static async Task MeasureAsync(Run run)
    {
        await using var world = await run.StartAsync(OrderShape.Ordinary);
        await run.WarmUpAsync(world);
        var (before, ordersBefore) = await run.OpenAsync(world, HonestPerSecond, Around);
        var process = world.Running.ProcessIds[0];
        var resident = ProcessMeter.ResidentBytes(process);

        var (during, largest, answers) = await UnderSiegeAsync(run, world, process);
        var (after, ordersAfter) = await run.OpenAsync(world, HonestPerSecond, Around);
        run.Add("memory before", Unit.Mebibytes, resident);
        run.Add("memory during, at its peak", Unit.Mebibytes, largest);
        foreach (var (status, count) in answers.OrderBy(answer => answer.Key))
            run.Add($"answers {status} to large bodies and forgers", Unit.Count, count);
        foreach (var (when, load) in new[] { ("before", before), ("during", during), ("in the 10 s after", after) })
        {
            run.AddLatency($"ack of the honest {when}", load.Latency);
            run.AddRefused($"ack of the honest {when}", load);
        }

        run.AddLatency("order before", ordersBefore);
        run.AddLatency("order in the 10 s after", ordersAfter);
        run.Judge(await WorldAuditor.AuditOrdersAsync(world, run.Options.DrainMax, null, run.Cancellation));
    }

    private static async Task<(LoadResult Honest, long LargestBytes, Dictionary<int, int> Answers)> UnderSiegeAsync(
        Run run, World world, int process)
    {
        var address = world.Running.Addresses[0];
        var answers = new Dictionary<int, int>();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var besiegers = new List<Task>();
        besiegers.AddRange(Enumerable.Range(0, IdleConnections).Select(_ => IdleAsync(address, over.Token)));
        besiegers.AddRange(Enumerable.Range(0, SlowSenders).Select(_ => SlowAsync(address, over.Token)));
        besiegers.AddRange(Enumerable.Range(0, LargeSenders).Select(at => LargeAsync(at)));
        besiegers.Add(ForgeAsync());
        var largest = 0L;
        besiegers.Add(WatchAsync());
        var honest = world.Note(await world.Load.OpenAsync(HonestPerSecond, run.Options.Measured, run.Cancellation));
        await over.CancelAsync();
        await Task.WhenAll(besiegers);
        return (honest, largest, answers);

        async Task LargeAsync(int sender)
        {
            var body = new byte[LargeBytes];
            body.AsSpan().Fill((byte)' ');
            Encoding.ASCII.GetBytes($$"""{"id":{{sender}}}""").CopyTo(body, 0);
            var signature = Convert.ToBase64String(
                HMACSHA256.HashData(Encoding.UTF8.GetBytes(OrderTemplate.Secret), body));
            await UntilOverAsync(async () => Note(await PostAsync(Large, body, signature)), over.Token);
        }

        async Task ForgeAsync()
        {
            var body = """{"id":1}"""u8.ToArray();
            var tick = TimeSpan.FromMilliseconds(10);
            using var timer = new PeriodicTimer(tick);
            var under = 0;
            await UntilOverAsync(async () =>
            {
                await timer.WaitForNextTickAsync(over.Token);
                for (var at = 0; at < ForgedPerSecond * tick.TotalSeconds && Volatile.Read(ref under) < 200; at++)
                {
                    Interlocked.Increment(ref under);
                    _ = Task.Run(async () =>
                    {
                        await UntilOverAsync(
                            async () => Note(await PostAsync(Large, body, "forged")), over.Token, times: 1);
                        Interlocked.Decrement(ref under);
                    });
                }
            }, over.Token);
        }

        async Task WatchAsync() => await UntilOverAsync(async () =>
        {
            largest = Math.Max(largest, ProcessMeter.ResidentBytes(process));
            await Task.Delay(200, over.Token);
        }, over.Token);

        async Task<int> PostAsync(string source, byte[] body, string signature)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, $"/webhooks/v1/{source}"))
            {
                Content = new ByteArrayContent(body),
            };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.Add("X-Shopify-Topic", "orders/create");
            request.Headers.Add("X-Shopify-Webhook-Id", $"{Stopwatch.GetTimestamp()}");
            request.Headers.Add("X-Shopify-Hmac-Sha256", signature);
            using var answer = await http.SendAsync(request, over.Token);
            return (int)answer.StatusCode;
        }

        void Note(int status)
        {
            lock (answers)
                answers[status] = answers.GetValueOrDefault(status) + 1;
        }
    }

    /// <summary>Opens a connection and says nothing, again and again.</summary>
    private static Task IdleAsync(Uri address, CancellationToken over) => UntilOverAsync(async () =>
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, over);
        _ = await client.GetStream().ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, over);
    }, over);

    /// <summary>Promises a body and sends a byte of it now and then, until it is cut off, again and again.</summary>
    private static Task SlowAsync(Uri address, CancellationToken over) => UntilOverAsync(async () =>
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, over);
        await using var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"POST /webhooks/v1/{Large} HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n"),
            over);
        while (true)
        {
            await stream.WriteAsync(new byte[] { 32 }, over);
            await Task.Delay(TimeSpan.FromSeconds(1), over);
        }
    }, over);

    private static async Task UntilOverAsync(Func<Task> act, CancellationToken over, int times = int.MaxValue)
    {
        for (var time = 0; time < times && !over.IsCancellationRequested; time++)
        {
            try
            {
                await act();
            }
            catch (Exception broken) when (broken is IOException or SocketException or HttpRequestException
                or OperationCanceledException)
            {
                // The connection was ended, as it should be.
                await Task.Delay(100, CancellationToken.None);
            }
        }
    }
}
