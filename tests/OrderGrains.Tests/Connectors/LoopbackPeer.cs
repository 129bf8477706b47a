using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OrderGrains.Tests.Connectors;

/// <summary>
/// The other end of a call, down to the bytes: takes whole requests, answers as told, and closes the connection.
/// </summary>
internal sealed class LoopbackPeer : IAsyncDisposable
{
    /// <summary>Far longer than anything here takes: what hangs shall fail.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TcpListener _listener;
    private readonly Func<Stream, CancellationToken, Task> _answer;
    private readonly bool _reads;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<Call> _calls = new();
    private readonly TaskCompletionSource _answered = new();
    private readonly TaskCompletionSource _left = new();
    private readonly Task _serving;

    /// <param name="answer">Writes what comes back.</param>
    /// <param name="address">Where it listens; its port is free, whichever.</param>
    /// <param name="reads">Whether it reads the request first.</param>
    public LoopbackPeer(
        Func<Stream, CancellationToken, Task> answer, IPAddress? address = null, bool reads = true)
    {
        (_answer, _reads) = (answer, reads);
        _listener = new TcpListener(address ?? IPAddress.Loopback, 0);
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Uri Url => new($"http://{_listener.LocalEndpoint}/hook");

    public IReadOnlyList<Call> Calls => [.. _calls];

    /// <summary>The answer is written, as far as it goes without waiting.</summary>
    public Task Answered => _answered.Task.WaitAsync(Patience);

    /// <summary>The caller has closed the connection before the answer was over.</summary>
    public Task Left => _left.Task.WaitAsync(Patience);

    /// <summary>Says this, letter by letter.</summary>
    public static Func<Stream, CancellationToken, Task> Saying(string text) =>
        (stream, cancelled) => stream.WriteAsync(Encoding.Latin1.GetBytes(text), cancelled).AsTask();

    /// <summary>Says this, and then no more, while the connection stays.</summary>
    public static Func<Stream, CancellationToken, Task> SayingAndWaiting(string text) =>
        async (stream, cancelled) =>
        {
            await Saying(text)(stream, cancelled);
            await stream.ReadExactlyAsync(new byte[1], cancelled);
        };

    /// <summary>Says this without end.</summary>
    public static Func<Stream, CancellationToken, Task> Repeating(string head, string text) =>
        async (stream, cancelled) =>
        {
            await Saying(head)(stream, cancelled);
            while (true)
                await Saying(text)(stream, cancelled);
        };

    public static string Response(int status, string body = "", params string[] headers) => string.Join("\r\n",
        [$"HTTP/1.1 {status} Status", $"Content-Length: {body.Length}", "Content-Type: application/json",
            "Connection: close", .. headers, "", body]);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _serving;
        _listener.Stop();
        _stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        var stream = connection.GetStream();
        try
        {
            if (_reads)
                _calls.Enqueue(await ReadAsync(stream, ((IPEndPoint)client.Client.LocalEndPoint!).Address));
            var writing = _answer(stream, _stopping.Token);
            _answered.TrySetResult();
            await writing;
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            _left.TrySetResult();
        }
    }

    private async Task<Call> ReadAsync(Stream stream, IPAddress at)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!IsWhole(head))
        {
            await stream.ReadExactlyAsync(one, _stopping.Token);
            head.Add(one[0]);
        }

        var lines = Encoding.Latin1.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2))
            .ToDictionary(header => header[0], header => header[1], StringComparer.OrdinalIgnoreCase);
        var body = new byte[headers.TryGetValue("Content-Length", out var length) ? int.Parse(length) : 0];
        await stream.ReadExactlyAsync(body, _stopping.Token);
        return new Call(at, headers, body);
    }

    private static bool IsWhole(List<byte> head) =>
        head is [.., (byte)'\r', (byte)'\n', (byte)'\r', (byte)'\n'];

    /// <param name="At">The address that was called.</param>
    public sealed record Call(IPAddress At, IReadOnlyDictionary<string, string> Headers, byte[] Body);
}
