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
    FrontBook front, SourceGate gate, StrangerLimit strangers, TimeProvider time, Membership? membership = null)
{
    /// <summary>
    /// Receipts that are being appended at once: one batch of the database for one source, and as much for the others.
    /// </summary>
    private const int AppendedAtOnceMax = 256;

    /// <summary>How long a sender should wait whose receipt cannot be taken now.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A database that does not answer at all is given up before the senders give us up, the fastest of whom wait for
    /// five seconds. What it stores all the same is applied, and what is sent again takes effect once.
    /// </summary>
    private static readonly TimeSpan StoredWithin = TimeSpan.FromSeconds(4);

    /// <summary>Bodies of addresses whose signatures were right before, shared by their sources.</summary>
    private readonly FairShares _incoming = new(options.BodiesBytesMax * 3 / 8, sources.WeightOf);

    /// <summary>Bodies of strangers, shared by their addresses.</summary>
    private readonly FairShares _ofStrangers = new(options.BodiesBytesMax / 8);
    private readonly FairSlots _appends = new(AppendedAtOnceMax, sources.WeightOf);

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
        var address = http.Connection.RemoteIpAddress;
        var source = sources.Find(name);
        if (strangers.WaitOf(address, source?.Name ?? "") is { Ticks: > 0 } failed)
            return Later(http, source, 429, failed, "too_many_failures", "Too many webhooks of this address failed.");
        if (source is not { Connector: IWebhookSource connector })
        {
            strangers.Failed(address, "");
            return Problem(StatusCodes.Status404NotFound, "source_unknown", "There is no such source.");
        }

        if (!source.Admits(address))
            return TurnAway(http, source, 403, "address_not_allowed", "This address may not send here.");
        if (!IsPrivate(http))
            return TurnAway(http, source, 403, "https_required", "Webhooks are taken over HTTPS alone.");
        if (http.Request.ContentLength > options.BodyBytesMax)
            return TurnAway(http, source, BodyFault.TooLong);
        using var body = strangers.HasPassed(address, source.Name)
            ? new IncomingBody(_incoming, source.Name, options.BodyBytesMax)
            : new IncomingBody(_ofStrangers, StrangerLimit.NetworkOf(address), options.BodyBytesMax);
        if (await ReadAsync(http, source, body) is { } fault)
            return TurnAway(http, source, fault);

        var now = time.GetUtcNow();
        switch (connector.Verify(new WebhookRequest(http.Request.Headers, body.Bytes, TargetOf(http.Request)), now))
        {
            case Verification.Greeting:
                return TypedResults.Ok();
            case Verification.WrongMediaType wrong:
                return TurnAway(http, source, 415, "media_type_unsupported", wrong.Rule);
            case Verification.Forged forged:
                strangers.Failed(address, source.Name);
                return TurnAway(http, source, 401, "signature_invalid", forged.Rule, forged.StatedAt);
            case Verification.Unready unready:
                strangers.Failed(address, source.Name);
                return Later(http, source, 503, Soon, "key_unknown", unready.Rule);
            case Verification.Authentic authentic:
                strangers.Passed(address, source.Name);
                return await AcceptAsync(http, source, authentic, body, now);
            default:
                throw new InvalidOperationException("There is no such verification.");
        }
    }

    /// <summary>Reads it. What comes too slowly, breaks off or is too long counts against its address.</summary>
    private async Task<BodyFault?> ReadAsync(HttpContext http, Source source, IncomingBody body)
    {
        var whole = false;
        try
        {
            var fault = await body.ReadAsync(http.Request.Body, http.RequestAborted);
            whole = fault is not BodyFault.TooLong;
            return fault;
        }
        finally
        {
            if (!whole)
                strangers.Failed(http.Connection.RemoteIpAddress, source.Name);
        }
    }

    /// <summary>The sender is who it says, and is within its limits or asked to wait.</summary>
    private async Task<Results<Ok<ReceiptAcknowledgement>, Ok, ProblemHttpResult>> AcceptAsync(
        HttpContext http, Source source, Verification.Authentic authentic, IncomingBody body, DateTimeOffset now)
    {
        if (gate.Enter(source, out var tooFast) is { } wait)
        {
            return tooFast
                ? Later(http, source, 429, wait, "too_many_webhooks", "The source sends more a second than it may.")
                : Later(http, source, 503, wait, "too_many_pending", "Too many receipts of the source wait.");
        }

        // The signature was over what was sent.
        if (EncodingOf(http.Request) is { } encoding
            && await body.DecodeAsync(encoding, http.RequestAborted) is { } fault)
            return TurnAway(http, source, fault);

        // A test has our own clock.
        if (!TestCall.Is(body.Bytes))
            front.Accepted(source.Name, authentic.StatedAt);
        return await AppendAsync(http, new Receipt
        {
            Id = Guid.CreateVersion7(now),
            Source = source.Name,
            Topic = authentic.Topic,
            DeliveryId = authentic.DeliveryId,
            Body = body.Detach(),
            ReceivedAt = now,
            TriggeredAt = authentic.TriggeredAt,
            TraceParent = Activity.Current?.Id,
        });
    }

    private async Task<Results<Ok<ReceiptAcknowledgement>, Ok, ProblemHttpResult>> AppendAsync(
        HttpContext http, Receipt receipt)
    {
        // It could be made durable; but a process that ends soon, or that the others replaced, leads no sender on.
        if (membership is { IsCertain: false })
            return Unavailable(http);
        string why;
        using var given = new CancellationTokenSource();
        try
        {
            if (await StoreAsync(receipt, given.Token).WaitAsync(StoredWithin, time))
                return TypedResults.Ok(new ReceiptAcknowledgement(receipt.Id.ToString("N")));
            why = "it cannot store receipts";
        }
        catch (TimeoutException)
        {
            // What waits behind others of its source is not written any more.
            await given.CancelAsync();
            why = FormattableString.Invariant($"it does not answer within {StoredWithin.TotalSeconds:0} s");
        }

        refusals.Refused(why);
        return Unavailable(http);
    }

    /// <summary>True once it is durable; false when it could not be stored, or nobody knows.</summary>
    private async Task<bool> StoreAsync(Receipt receipt, CancellationToken givenUp)
    {
        // In memory until it is written, however soon its sender is given up.
        _incoming.Take(receipt.Source, receipt.Body.Length);
        try
        {
            await _appends.EnterAsync(receipt.Source, givenUp);
            return await StoreInTurnAsync(receipt);
        }
        finally
        {
            _incoming.Return(receipt.Source, receipt.Body.Length);
        }
    }

    private async Task<bool> StoreInTurnAsync(Receipt receipt)
    {
        var held = pump.Arriving(receipt);
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
            _appends.Leave(receipt.Source);
            pump.Arrived(receipt, appended, held);
        }

        return appended;
    }

    /// <summary>Nothing of the source's: it is not counted as turned away.</summary>
    private ProblemHttpResult Unavailable(HttpContext http) => Later(
        http, null, StatusCodes.Status503ServiceUnavailable, Soon, "inbox_unavailable",
        "The receipt could not be stored now. Nothing was lost: send it again.");

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

    /// <summary>Null when the body is as it is.</summary>
    private static string? EncodingOf(HttpRequest request) =>
        request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding
            && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase) ? encoding : null;

    private ProblemHttpResult TurnAway(HttpContext http, Source source, BodyFault fault) => fault switch
    {
        BodyFault.TooLong => TurnAway(
            http, source, 413, "body_too_large", $"The body is longer than {options.BodyBytesMax} bytes."),
        BodyFault.EncodingUnknown => TurnAway(
            http, source, 415, "encoding_unsupported", "Content-Encoding must be gzip, deflate or br, and only one."),
        BodyFault.EncodingWrong => TurnAway(
            http, source, 400, "encoding_invalid", "The body is not in the encoding that its headers state."),
        _ => Later(http, source, 503, Soon, "no_room", "There is no memory for the body now."),
    };

    /// <summary>Asks the sender to come again.</summary>
    private ProblemHttpResult Later(
        HttpContext http, Source? source, int status, TimeSpan wait, string code, string rule)
    {
        http.Response.Headers.RetryAfter = $"{Math.Max(1, Math.Ceiling(wait.TotalSeconds)):0}";
        return source is null ? Problem(status, code, rule) : TurnAway(http, source, status, code, rule);
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
