using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Authentication;
using OrderGrains.Connectors;
using OrderGrains.Ingress;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console;

/// <summary>What came of a test of a source.</summary>
/// <param name="Passed">It was proven, kept, and came to its end.</param>
/// <param name="Detail">The same in words, and where it failed.</param>
/// <param name="Address">Where it was posted; null when it was not.</param>
/// <param name="Status">What it was answered; null when it was not.</param>
/// <param name="Milliseconds">From the call to its answer, with name, connection and TLS.</param>
/// <param name="ReceiptId">Its receipt.</param>
/// <param name="Outcome">What became of the receipt.</param>
internal sealed record SourceTest(
    bool Passed, string Detail, Uri? Address = null, int? Status = null, long? Milliseconds = null,
    Guid? ReceiptId = null, ReceiptOutcome? Outcome = null);

/// <summary>
/// Posts a <see cref="TestCall"/> to a source's public address, as its sender would, and follows it to its end.
/// </summary>
internal sealed class SourceTester(
    Sources sources, IngressOptions ingress, IInbox inbox, TimeProvider time, ILogger<SourceTester> log)
{
    /// <summary>An answer of ours is shorter.</summary>
    private const int AnswerBytesMax = 4 * 1024;

    /// <summary>For the answer, and then for the receipt's end.</summary>
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LookedEvery = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, bool> _underWay = new(StringComparer.Ordinal);

    /// <summary>Null when there is no such source.</summary>
    public async Task<SourceTest?> TestAsync(string name, string actor, CancellationToken cancellation)
    {
        if (sources.Find(name) is not { } source)
            return null;
        if (!_underWay.TryAdd(name, true))
            return new SourceTest(false, "a test of this source is under way");
        try
        {
            var test = await TestAsync(source, cancellation);
            log.SourceTested(actor, name, test.Passed, test.Status);
            return test;
        }
        finally
        {
            _underWay.TryRemove(name, out _);
        }
    }

    private async Task<SourceTest> TestAsync(Source source, CancellationToken cancellation)
    {
        if (source.Connector is not IWebhookSource connector)
            return new SourceTest(false, "nothing is posted here: it is asked for its news");
        if (ingress.AddressOf(source.Name) is not { } address)
            return new SourceTest(false, "Ingress:PublicUrl does not say where senders reach this installation");
        var call = new TestCall(address, time.GetUtcNow());
        if (connector.Sign(call) is { } fault)
            return new SourceTest(false, $"it cannot be tested: {fault}");
        var startedAt = time.GetTimestamp();
        using var timeout = new CancellationTokenSource(AnswerMax, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        TestAnswer answer;
        try
        {
            answer = await PostAsync(call, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new SourceTest(false, $"no answer within {AnswerMax.TotalSeconds:0} s", address);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or SocketException)
        {
            return new SourceTest(false, WordsOf(error, address), address);
        }

        var answered = new SourceTest(
            false, answer.Words(), address, answer.Status, (long)time.GetElapsedTime(startedAt).TotalMilliseconds);
        return answer.Receipt is { } receipt ? await FollowAsync(answered, receipt, cancellation) : answered;
    }

    /// <summary>
    /// By a connection of its own, so that name and certificate are looked at each time. No proxy of ours is used:
    /// senders have none of it.
    /// </summary>
    private static async Task<TestAnswer> PostAsync(TestCall call, CancellationToken cancellation)
    {
        using var http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, call.Address);
        request.Content = new ReadOnlyMemoryContent(call.Body);
        foreach (var (name, value) in call.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, (string?)value))
                request.Content.Headers.TryAddWithoutValidation(name, (string?)value);
        }

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        var body = new byte[AnswerBytesMax];
        await using var content = await response.Content.ReadAsStreamAsync(cancellation);
        var length = await content.ReadAtLeastAsync(
            body, body.Length, throwOnEndOfStream: false, cancellation);
        return TestAnswer.Of((int)response.StatusCode, response.Headers.Location, body.AsMemory(0, length));
    }

    private async Task<SourceTest> FollowAsync(SourceTest answered, Guid receipt, CancellationToken cancellation)
    {
        var startedAt = time.GetTimestamp();
        while (true)
        {
            // It is durable before it is answered, so it is here at once or never.
            if (await inbox.FindAsync(receipt) is not { } row)
                return answered with
                {
                    Detail = "another installation answers there: its receipt is not in this database",
                };
            var followed = answered with { ReceiptId = receipt, Outcome = row.Outcome };
            if (row is { Outcome: ReceiptOutcome.Ignored, Reason: TestCall.Reason })
                return followed with { Passed = true, Detail = "it came, was proven and kept, and came to its end" };
            if (row.Outcome != ReceiptOutcome.Pending)
            {
                return followed with
                {
                    Detail = $"something on the way changed the body, and the source read it: {row.Reason}",
                };
            }

            if (time.GetElapsedTime(startedAt) >= AnswerMax)
                return followed with { Detail = "it came, was proven and kept, and waits behind others" };
            await Task.Delay(LookedEvery, time, cancellation);
        }
    }

    /// <summary>Without what was sent, which may be a secret.</summary>
    internal static string WordsOf(Exception error, Uri address) => error switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
            $"the name {address.Host} is not found (DNS)",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } secure =>
            $"TLS failed: {(secure.InnerException as AuthenticationException)?.Message ?? "there is none"}",
        _ when SocketErrorOf(error) is { } socket => $"no connection to {address.Authority}: {socket}",
        HttpRequestException http => $"the answer is not HTTP, or broke off ({http.HttpRequestError})",
        _ => "the answer broke off",
    };

    private static SocketError? SocketErrorOf(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is SocketException socket)
                return socket.SocketErrorCode;
        }

        return null;
    }
}
