using System.Net.Http.Headers;
using System.Net.Sockets;
using Microsoft.AspNetCore.WebUtilities;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors;

/// <summary>Calls to one system over HTTP: each is bounded in time, and each way to fail is a result.</summary>
/// <param name="http">
/// Its handler must not follow redirects (a redirect would resend the message elsewhere), and its own timeout must be
/// longer than the one here, which is the one that counts.
/// </param>
/// <param name="timeoutSeconds">How long one call may take, its answer included.</param>
/// <param name="secrets">What no message for people may repeat.</param>
/// <param name="time">The clock of the timeout.</param>
internal sealed class HttpCalls(HttpClient http, int timeoutSeconds, IEnumerable<string> secrets, TimeProvider time)
{
    /// <summary>Who calls, where a header says so.</summary>
    public static readonly ProductInfoHeaderValue UserAgent = new("OrderGrains", null);

    private const int WordsCharsMax = 500;

    private static readonly TimeSpan RetryAfterMax = TimeSpan.FromHours(1);

    /// <summary>Makes one call.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="meaning">What the answer means; it may read of the body what it needs.</param>
    /// <param name="stopping">Ends the call; its outcome is then unknown.</param>
    public async Task<SendResult> SendAsync(
        HttpRequestMessage request,
        Func<HttpResponseMessage, CancellationToken, Task<SendResult>> meaning,
        CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(timeoutSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, timeout.Token);
        try
        {
            using var response = await http.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return await meaning(response, either.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return new SendResult.Unknown($"no answer within {timeoutSeconds} s");
        }
        catch (SocketException error)
        {
            // The client lets it out when a connection ends in the moment in which it came about.
            return new SendResult.Again($"no connection: {error.SocketErrorCode}");
        }
        catch (HttpRequestException error) when (error.InnerException is AddressRefusedException refused)
        {
            return new SendResult.Refused(Words(refused.Message));
        }
        catch (HttpRequestException error)
        {
            var why = Words($"{error.HttpRequestError}: {error.Message}");
            return error.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError
                    ? new SendResult.Again(why) : new SendResult.Unknown(why);
        }
    }

    /// <summary>What a status that is no success means to every call.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="told">Its words for people, if it has any.</param>
    /// <param name="final">Whether a 3xx or 4xx of no other meaning will come again whenever it is tried.</param>
    public SendResult OfStatus(HttpResponseMessage response, string? told, bool final)
    {
        var status = (int)response.StatusCode;
        var text = Words($"{status} {told ?? ReasonPhrases.GetReasonPhrase(status)}".TrimEnd());
        var after = RetryAfter(response.Headers);
        return status switch
        {
            401 or 403 => new SendResult.Unauthorized(text),
            // It was not even looked at.
            425 or 429 => new SendResult.Again(text, after),
            >= 300 and < 500 and not 408 when final => new SendResult.Refused(text),
            _ => new SendResult.Unknown(text, after),
        };
    }

    /// <summary>Where an answer leads. Path and query of either address may be secret.</summary>
    /// <param name="status">3xx.</param>
    /// <param name="asked">What was called.</param>
    /// <param name="location">Where it leads, if it says so.</param>
    public SendResult.Refused NotFollowed(int status, Uri asked, Uri? location)
    {
        var to = location is null || !Uri.TryCreate(asked, location, out var whole) ? "elsewhere"
            : $"to {whole.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)}";
        return new SendResult.Refused(Words(
            $"{status} leads {to}; redirects are not followed: the address must be the one that answers"));
    }

    /// <summary>
    /// Seconds or a date (RFC 9110, section 10.2.3), or <c>x-retry-after</c>; capped, for none may put a system off for
    /// days.
    /// </summary>
    public TimeSpan? RetryAfter(HttpResponseHeaders headers)
    {
        TimeSpan? after = headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            null => Seconds(headers, "Retry-After") ?? Seconds(headers, "x-retry-after"),
            _ => null,
        };
        return after is { } wait ? TimeSpan.FromTicks(Math.Clamp(wait.Ticks, 0, RetryAfterMax.Ticks)) : null;
    }

    /// <summary>Whole seconds, be they more than an int holds. ShipBob has them under another name.</summary>
    private static TimeSpan? Seconds(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values)
        && values.First() is { Length: > 0 } text && text.All(char.IsAsciiDigit)
            ? int.TryParse(text, out var seconds) ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue : null;

    /// <summary>Another system's words, for people: bounded, printable, and without our secrets.</summary>
    public string Words(string text)
    {
        foreach (var secret in secrets.Where(secret => secret.Length > 0))
            text = text.Replace(secret, "…", StringComparison.Ordinal);
        return Printable.Of(text, WordsCharsMax);
    }
}
