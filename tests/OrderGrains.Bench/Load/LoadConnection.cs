using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace OrderGrains.Bench.Load;

/// <summary>
/// One kept-alive HTTP/1.1 connection on a bare socket, with the request's bytes in place. Reads no more of an answer
/// than its status and where it ends.
/// </summary>
internal sealed class LoadConnection : IDisposable
{
    private const int AnswerBytesMax = 16 * 1024;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
    };

    private readonly SignedOrders _orders;
    private readonly byte[] _request;
    private readonly byte[] _answer = new byte[AnswerBytesMax];

    private LoadConnection(SignedOrders orders) => (_orders, _request) = (orders, orders.Template.Copy());

    public static async Task<LoadConnection> OpenAsync(
        Uri address, SignedOrders orders, CancellationToken cancellation)
    {
        var connection = new LoadConnection(orders);
        await connection._socket.ConnectAsync(IPAddress.Loopback, address.Port, cancellation);
        return connection;
    }

    /// <summary>Posts the order of this number; the status that came back.</summary>
    /// <exception cref="IOException">The other side hung up, or its answer cannot be understood.</exception>
    public async ValueTask<int> PostAsync(long number, CancellationToken cancellation)
    {
        _orders.Write(_request, number);
        for (var sent = 0; sent < _request.Length;)
            sent += await _socket.SendAsync(_request.AsMemory(sent), SocketFlags.None, cancellation);
        var read = 0;
        while (true)
        {
            var more = await _socket.ReceiveAsync(_answer.AsMemory(read), SocketFlags.None, cancellation);
            if (more == 0) throw new IOException("The other side hung up.");
            read += more;
            if (IsWhole(_answer.AsSpan(0, read))) return Status(_answer);
            if (read == _answer.Length) throw new IOException("The answer is too long.");
        }
    }

    public void Dispose() => _socket.Dispose();

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0) return false;
        var head = answer[..(end + 2)];
        var body = answer[(end + 4)..];
        if (head.IndexOf("\r\nTransfer-Encoding: chunked\r\n"u8) >= 0) return body.EndsWith("0\r\n\r\n"u8);
        var length = head.IndexOf("\r\nContent-Length: "u8);
        return length < 0
            || (Utf8Parser.TryParse(head[(length + 18)..], out int stated, out _) && body.Length >= stated);
    }

    private static int Status(ReadOnlySpan<byte> answer) =>
        Utf8Parser.TryParse(answer.Slice(9, 3), out int status, out _)
            ? status
            : throw new IOException("The answer has no status.");
}
