using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.Tryton;

/// <summary>
/// Calls Tryton by JSON-RPC (<c>POST /{database}/</c>). What goes wrong there is a 200 with <c>error</c>, and nothing
/// of its transaction stays.
/// </summary>
/// <param name="http">As of <see cref="CallTools"/>.</param>
/// <param name="access">Where, and as whom.</param>
/// <param name="time">The clock of the timeout.</param>
internal sealed class TrytonApi(HttpClient http, TrytonAccess access, TimeProvider time)
{
    /// <summary>A page of shipments, or of a stock, is far smaller.</summary>
    private const int AnswerBytesMax = 16 * 1024 * 1024;

    private const int FailureBytesMax = 16 * 1024;

    private const int RequestId = 1;

    private readonly HttpCalls _calls = new(http, access.TimeoutSeconds, [access.Password!], time);

    private readonly string _address =
        $"{access.BaseUrl!.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{Uri.EscapeDataString(access.Database!)}/";

    private string? _session;

    /// <summary>Calls one method of a model.</summary>
    /// <param name="method">Such as <c>stock.shipment.out.wait</c>.</param>
    /// <param name="arguments">In their order, the context last.</param>
    /// <param name="meaning">What the result means; null: it is none that this method has.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<SendResult> AskAsync(
        string method, JsonArray arguments, Func<JsonElement, SendResult?> meaning,
        CancellationToken cancellationToken)
    {
        var body = Body($"model.{method}", arguments);
        var session = Volatile.Read(ref _session);
        if (session is not null)
        {
            var result = await CallAsync(body, session, meaning, cancellationToken);
            if (result is not SendResult.Unauthorized)
                return result;
        }

        // A session ends when nobody calls for a while. A password with each call would cost its digest each time.
        var (wrong, opened) = await LogInAsync(cancellationToken);
        if (opened is null)
            return wrong;
        Volatile.Write(ref _session, opened);
        return await CallAsync(body, opened, meaning, cancellationToken);
    }

    /// <summary>Reads records; what is none makes the answer unproven.</summary>
    /// <param name="query">What is asked for.</param>
    /// <param name="read">Reads one record.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<(SendResult? Wrong, IReadOnlyList<T> Found)> SearchAsync<T>(
        TrytonQuery query, Func<JsonFields, T> read, CancellationToken cancellationToken)
    {
        var found = new List<T>();
        var result = await AskAsync($"{query.Model}.search_read", query.Arguments(), told =>
        {
            if (told.ValueKind != JsonValueKind.Array)
                return null;
            var fault = new JsonFault();
            foreach (var record in told.EnumerateArray())
            {
                if (record.ValueKind != JsonValueKind.Object)
                    return null;
                found.Add(read(new JsonFields(record, $"{query.Model}.", fault)));
            }

            return fault.First is { } wrong ? new SendResult.Unknown($"200: {wrong}") : new SendResult.Delivered();
        }, cancellationToken);
        return result is SendResult.Delivered ? (null, found) : (result, []);
    }

    /// <summary>Makes one record; its number.</summary>
    public async Task<(SendResult? Wrong, int Id)> CreateAsync(
        string model, JsonObject record, JsonObject context, CancellationToken cancellationToken)
    {
        var id = 0;
        var result = await AskAsync(
            $"{model}.create", [new JsonArray(record), context],
            told => told.ValueKind == JsonValueKind.Array && told.GetArrayLength() == 1
                && told[0].ValueKind == JsonValueKind.Number && told[0].TryGetInt32(out id)
                    ? new SendResult.Delivered() : null,
            cancellationToken);
        return result is SendResult.Delivered ? (null, id) : (result, 0);
    }

    /// <summary>As if it had logged in already.</summary>
    internal void Know(string session) => _session = session;

    private static byte[] Body(string method, JsonArray arguments) => JsonSerializer.SerializeToUtf8Bytes(
        new JsonObject { ["id"] = RequestId, ["method"] = method, ["params"] = arguments });

    private async Task<(SendResult Result, string? Session)> LogInAsync(CancellationToken cancellationToken)
    {
        string? session = null;
        var body = Body(
            "common.db.login", [access.User, new JsonObject { ["password"] = access.Password }, "en"]);
        var result = await CallAsync(body, null, told =>
        {
            if (told.ValueKind == JsonValueKind.Array && told.GetArrayLength() == 2
                && told[0].ValueKind == JsonValueKind.Number && told[0].TryGetInt32(out var user)
                && told[1].ValueKind == JsonValueKind.String && JsonText.TryRead(told[1], out var key))
            {
                session = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{access.User}:{user}:{key}"));
                return new SendResult.Delivered();
            }

            return null;
        }, cancellationToken);
        return (result, session);
    }

    private async Task<SendResult> CallAsync(
        byte[] body, string? session, Func<JsonElement, SendResult?> meaning, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _address);
        if (session is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Session", session);
        request.Content = new ByteArrayContent(body)
        {
            Headers = { ContentType = new MediaTypeHeaderValue(BodyMedia.Json) },
        };
        return await _calls.SendAsync(request, MeaningAsync, cancellationToken);

        async Task<SendResult> MeaningAsync(HttpResponseMessage response, CancellationToken bounded)
        {
            var status = (int)response.StatusCode;
            var answer = await JsonAnswer.ReadAsync(
                response.Content, status < 300 ? AnswerBytesMax : FailureBytesMax, bounded);
            if (status is < 200 or > 299)
                return _calls.OfStatus(response, JsonAnswer.Words(answer), final: true);
            return OfAnswer(status, answer, meaning);
        }
    }

    private SendResult OfAnswer(int status, JsonElement? answer, Func<JsonElement, SendResult?> meaning)
    {
        if (answer is not { ValueKind: JsonValueKind.Object } told || !JsonText.TryGet(told, "id", out var id)
            || id.ValueKind != JsonValueKind.Number || !id.TryGetInt32(out var number) || number != RequestId)
            return new SendResult.Unknown($"{status} without an answer of JSON-RPC");
        if (JsonText.TryGet(told, "error", out var error) && error.ValueKind != JsonValueKind.Null)
            return OfError(error);
        return JsonText.TryGet(told, "result", out var result) && meaning(result) is { } meant
            ? meant : new SendResult.Unknown($"{status} without the result of this method");
    }

    /// <summary>
    /// <c>[kind, what]</c> of what Tryton foresees (<c>trytond/exceptions.py</c>); <c>[words, traceback]</c> of the
    /// rest, of which the second is for nobody here.
    /// </summary>
    private SendResult OfError(JsonElement error)
    {
        var (kind, words) = (TextAt(error, 0), "");
        if (error.ValueKind == JsonValueKind.Array && error.GetArrayLength() > 1)
            words = TextAt(error[1], kind == "UserWarning" ? 1 : 0);
        return kind switch
        {
            "UserError" or "UserWarning" => new SendResult.Refused(_calls.Words($"Tryton says: {words}")),
            "LoginException" => new SendResult.Unauthorized("its session has ended"),
            "ConcurrencyException" => new SendResult.Again("its records have changed meanwhile"),
            _ => new SendResult.Unknown(_calls.Words($"an error in Tryton: {kind}")),
        };
    }

    private static string TextAt(JsonElement list, int index) =>
        list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > index
        && list[index].ValueKind == JsonValueKind.String && JsonText.TryRead(list[index], out var text) ? text : "";
}
