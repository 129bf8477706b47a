using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.Odoo;

/// <summary>
/// Calls Odoo by its JSON-2 API (<c>POST /json/2/{model}/{method}</c>, since 19.0). Each call is a transaction of its
/// own; what answers with an error has left nothing.
/// </summary>
/// <param name="http">As of <see cref="CallTools"/>.</param>
/// <param name="access">Where, and as whom.</param>
/// <param name="time">The clock of the timeout.</param>
internal sealed class OdooApi(HttpClient http, OdooAccess access, TimeProvider time)
{
    private readonly JsonApi _api = new(
        http, access.BaseUrl!, access.TimeoutSeconds, access.ApiKey!, headers =>
        {
            headers.Authorization = new AuthenticationHeaderValue("Bearer", access.ApiKey);
            headers.UserAgent.Add(HttpCalls.UserAgent);
            if (!string.IsNullOrEmpty(access.Database))
                headers.TryAddWithoutValidation("X-Odoo-Database", access.Database);
        }, time);

    /// <summary>Calls one method of a model.</summary>
    /// <param name="model">Such as <c>sale.order</c>.</param>
    /// <param name="method">Such as <c>action_confirm</c>.</param>
    /// <param name="arguments">By name.</param>
    /// <param name="meaning">What the result means; null: it is none that this method has.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<SendResult> AskAsync(
        string model, string method, JsonObject arguments, Func<JsonElement, SendResult?> meaning,
        CancellationToken cancellationToken) =>
        _api.AskAsync(
            HttpMethod.Post, $"{_api.Root}/json/2/{model}/{method}", JsonSerializer.SerializeToUtf8Bytes(arguments),
            (status, body) => status switch
            {
                200 => body is { } told && meaning(told) is { } meant
                    ? meant : new SendResult.Unknown("200 without the result of this method"),
                < 300 => new SendResult.Unknown($"{status} is no answer of Odoo"),
                // Its words may hold what is in the database.
                409 or >= 500 when ErrorOf(body) is { } error => new SendResult.Again($"{status} {error} in Odoo"),
                _ => null,
            }, cancellationToken);

    /// <summary>Reads records; what is none makes the answer unproven.</summary>
    /// <param name="query">What is asked for.</param>
    /// <param name="read">Reads one record.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<(SendResult? Wrong, IReadOnlyList<T> Found)> SearchAsync<T>(
        OdooQuery query, Func<JsonFields, T> read, CancellationToken cancellationToken)
    {
        var found = new List<T>();
        var result = await AskAsync(query.Model, "web_search_read", query.Arguments(), told =>
        {
            if (told.ValueKind != JsonValueKind.Object)
                return null;
            var fault = new JsonFault();
            var page = new JsonFields(told, "", fault);
            foreach (var record in page.Items("records", query.CountMax) ?? [])
                found.Add(read(record));
            if (!page.Has("records"))
                page.Missing("records");
            return fault.First is { } wrong ? new SendResult.Unknown($"200: {wrong}") : new SendResult.Delivered();
        }, cancellationToken);
        return result is SendResult.Delivered ? (null, found) : (result, []);
    }

    /// <summary>Makes one record; its number.</summary>
    public async Task<(SendResult? Wrong, int Id)> CreateAsync(
        string model, JsonObject record, CancellationToken cancellationToken)
    {
        var id = 0;
        var result = await AskAsync(
            model, "create", new JsonObject { ["vals_list"] = new JsonArray(record) },
            told => told.ValueKind == JsonValueKind.Array && told.GetArrayLength() == 1
                && told[0].ValueKind == JsonValueKind.Number && told[0].TryGetInt32(out id)
                    ? new SendResult.Delivered() : null,
            cancellationToken);
        return result is SendResult.Delivered ? (null, id) : (result, 0);
    }

    /// <summary>A time as domains have it, in UTC.</summary>
    public static string TimeText(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static int Id(JsonFields row) => row.Whole("id", 1, int.MaxValue);

    /// <summary>
    /// The exception's name where the answer has the form of Odoo's own errors (<c>serialize_exception</c> in
    /// <c>odoo/http.py</c>); a proxy has another. Of <c>debug</c>, a traceback, nothing is read.
    /// </summary>
    private static string? ErrorOf(JsonElement? body)
    {
        if (body is not { ValueKind: JsonValueKind.Object } told)
            return null;
        var error = new JsonFields(told, "", new JsonFault());
        return error.Exists("arguments") && error.Exists("message") ? error.Text("name") : null;
    }
}
