using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using OrderGrains.Connectors;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Ingress;

/// <summary>Where webhooks arrive: verified, made durable, answered (CONTRACT section 2).</summary>
internal sealed class WebhookEndpoint(
    Sources sources, IInbox inbox, InboxPump pump, IngressOptions options, IngressMetrics metrics, RefusalLog refusals,
    FrontBook front, TimeProvider time, Membership? membership = null)
{
    /// <summary>How long a sender should wait when the database cannot take a receipt, in seconds.</summary>
    private const string RetryAfterSeconds = "2";

    /// <summary>
    /// A database that does not answer at all is given up before the senders give us up, the fastest of whom wait for
    /// five seconds. What it stores all the same is applied, and what is sent again takes effect once.
    /// </summary>
    private static readonly TimeSpan StoredWithin = TimeSpan.FromSeconds(4);

    /// <summary>Takes one webhook. Nothing but the database stands before the 200.</summary>
    public async Task<Results<Ok<ReceiptAcknowledgement>, Ok, ProblemHttpResult>> ReceiveAsync(
        string source, HttpContext http)
    {
        var startedAt = time.GetTimestamp();
        var result = await AcceptAsync(source, http);
        metrics.Answered(sources.Find(source)?.Name ?? "unknown", result switch
        {
            { Result: ProblemHttpResult problem } => problem.StatusCode,
            _ => StatusCodes.Status200OK,
        }, time.GetElapsedTime(startedAt));
        return result;
    }

    private async Task<Results<Ok<ReceiptAcknowledgement>, Ok, ProblemHttpResult>> AcceptAsync(
        string name, HttpContext http)
    {
        try
        {
            return await VerifyAsync(name, http);
        }
        catch (BadHttpRequestException broken)
        {
            // Most often the sender hung up. It is nothing that our log should tell of.
            return Problem(broken.StatusCode, "body_incomplete", "The body could not be read to its end.");
        }
    }

    private async Task<Results<Ok<ReceiptAcknowledgement>, Ok, ProblemHttpResult>> VerifyAsync(
        string name, HttpContext http)
    {
        if (sources.Find(name) is not { Connector: IWebhookSource connector } source)
            return Problem(StatusCodes.Status404NotFound, "source_unknown", "There is no such source.");
        if (!source.Admits(http.Connection.RemoteIpAddress))
            return TurnAway(http, source, 403, "address_not_allowed", "This address may not send here.");
        if (!IsPrivate(http))
            return TurnAway(http, source, 403, "https_required", "Webhooks are taken over HTTPS alone.");
        if (await ReadBodyAsync(http.Request) is not { } body)
        {
            return TurnAway(http, source, 413, "body_too_large",
                $"The body is longer than {options.BodyBytesMax} bytes.");
        }

        var now = time.GetUtcNow();
        switch (connector.Verify(new WebhookRequest(http.Request.Headers, body, TargetOf(http.Request)), now))
        {
            case Verification.Greeting:
                return TypedResults.Ok();
            case Verification.WrongMediaType wrong:
                return TurnAway(http, source, 415, "media_type_unsupported", wrong.Rule);
            case Verification.Forged forged:
                return TurnAway(http, source, 401, "signature_invalid", forged.Rule, forged.StatedAt);
            case Verification.Authentic authentic:
                // A test has our own clock.
                if (!TestCall.Is(body))
                    front.Accepted(source.Name, authentic.StatedAt);
                return await AppendAsync(http, new Receipt
                {
                    Id = Guid.CreateVersion7(now),
                    Source = source.Name,
                    Topic = authentic.Topic,
                    DeliveryId = authentic.DeliveryId,
                    Body = body,
                    ReceivedAt = now,
                    TriggeredAt = authentic.TriggeredAt,
                    TraceParent = Activity.Current?.Id,
                });
            default:
                throw new InvalidOperationException("There is no such verification.");
        }
    }

    private async Task<Results<Ok<ReceiptAcknowledgement>, Ok, ProblemHttpResult>> AppendAsync(
        HttpContext http, Receipt receipt)
    {
        // It could be made durable; but a process that ends soon, or that the others replaced, leads no sender on.
        if (membership is { IsCertain: false })
            return Unavailable(http);
        string why;
        try
        {
            if (await StoreAsync(receipt).WaitAsync(StoredWithin, time))
                return TypedResults.Ok(new ReceiptAcknowledgement(receipt.Id.ToString("N")));
            why = "it cannot store receipts";
        }
        catch (TimeoutException)
        {
            why = FormattableString.Invariant($"it does not answer within {StoredWithin.TotalSeconds:0} s");
        }

        refusals.Refused(why);
        return Unavailable(http);
    }

    /// <summary>True once it is durable; false when it could not be stored, or nobody knows.</summary>
    private async Task<bool> StoreAsync(Receipt receipt)
    {
        var held = pump.Arriving();
        var appended = false;
        try
        {
            appended = Planted.Is(PlantedFault.AcknowledgesEarly)
                ? AppendLate(receipt) : await inbox.AppendAsync(receipt, held);
        }
        catch (StorageException)
        {
            // The answer says so.
        }
        finally
        {
            pump.Arrived(appended ? receipt : null, held);
        }

        return appended;
    }

    private static ProblemHttpResult Unavailable(HttpContext http)
    {
        http.Response.Headers.RetryAfter = RetryAfterSeconds;
        return Problem(StatusCodes.Status503ServiceUnavailable, "inbox_unavailable",
            "The receipt could not be stored now. Nothing was lost: send it again.");
    }

    /// <summary>A planted fault: says that it is durable, and writes it a second later.</summary>
    private bool AppendLate(Receipt receipt)
    {
        _ = Task.Delay(TimeSpan.FromSeconds(1), time)
            .ContinueWith(_ => inbox.AppendAsync(receipt, held: false).AsTask(), TaskScheduler.Default);
        return true;
    }

    /// <summary>Nobody on the way could read it, or whoever runs this allows that. A socket has no address.</summary>
    private bool IsPrivate(HttpContext http) => http.Request.IsHttps || options.AllowPlainHttp
        || http.Connection.RemoteIpAddress is not { } address || IPAddress.IsLoopback(AddressGuard.Plain(address));

    /// <summary>As the sender wrote it, not as the server understood it: a signature may cover it.</summary>
    private static string TargetOf(HttpRequest request) =>
        request.HttpContext.Features.Get<IHttpRequestFeature>() is { RawTarget: { Length: > 0 } target }
            ? target : request.Path + request.QueryString;

    /// <summary>The exact bytes; null when there are too many.</summary>
    private async Task<byte[]?> ReadBodyAsync(HttpRequest request)
    {
        if (request.ContentLength > options.BodyBytesMax)
            return null;
        var stated = (int)(request.ContentLength ?? 0);
        var body = new byte[stated > 0 ? stated : 4096];
        var length = 0;
        while (true)
        {
            if (length == body.Length)
            {
                // One byte beyond what was stated tells the end of a body whose length is right.
                if (length > options.BodyBytesMax)
                    return null;
                if (length == stated
                    && await request.Body.ReadAsync(new byte[1], request.HttpContext.RequestAborted) == 0)
                    return body;
                Array.Resize(ref body, Math.Min(body.Length * 2, options.BodyBytesMax + 1));
            }

            var read = await request.Body.ReadAsync(body.AsMemory(length), request.HttpContext.RequestAborted);
            if (read == 0)
                break;
            length += read;
        }

        return length > options.BodyBytesMax ? null : body.AsSpan(0, length).ToArray();
    }

    private ProblemHttpResult TurnAway(
        HttpContext http, Source source, int status, string code, string rule, DateTimeOffset? statedAt = null)
    {
        front.TurnedAway(source.Name, status, rule, http.Connection.RemoteIpAddress, statedAt);
        return Problem(status, code, rule);
    }

    private static ProblemHttpResult Problem(int status, string code, string detail) => TypedResults.Problem(
        detail, statusCode: status,
        extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["code"] = code });
}

/// <summary>The answer to a webhook whose receipt is durable.</summary>
/// <param name="Receipt">The receipt's id.</param>
public sealed record ReceiptAcknowledgement(string Receipt);
