using System.Text.Json;

namespace OrderGrains.Connectors.Shopify.Admin;

/// <summary>What one answer says, before anybody asks for its data.</summary>
internal sealed class AdminReply
{
    private static readonly JsonSerializerOptions Camel = new(JsonSerializerDefaults.Web);

    /// <summary>0: there was none.</summary>
    public int Status { get; set; }

    public bool IsObject { get; private set; }

    public JsonElement Data { get; private set; }

    /// <summary>The first error's code; null when it has none.</summary>
    public string? ErrorCode { get; private set; }

    /// <summary>The words of all errors; null: there is none.</summary>
    public string? ErrorWords { get; private set; }

    public QueryCost? Cost { get; private set; }

    /// <summary>Takes what is there of the body; what is no JSON object leaves nothing.</summary>
    public void Read(byte[] body)
    {
        try
        {
            var root = JsonElement.Parse(body);
            IsObject = root.ValueKind == JsonValueKind.Object;
            if (!IsObject)
                return;
            if (root.TryGetProperty("data", out var data))
                Data = data;
            if (root.TryGetProperty("errors", out var errors))
                ReadErrors(errors);
            if (root.TryGetProperty("extensions", out var extensions))
                Cost = extensions.Deserialize<Extensions>(Camel)?.Cost;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            IsObject = false;
        }
    }

    private void ReadErrors(JsonElement errors)
    {
        var isArray = errors.ValueKind == JsonValueKind.Array;
        if (errors.ValueKind == JsonValueKind.Null || (isArray && errors.GetArrayLength() == 0))
            return;
        if (!isArray)
        {
            ErrorWords = errors.ToString();
            return;
        }

        var all = errors.Deserialize<List<Error>>(Camel)!;
        ErrorWords = string.Join("; ", all.Select(error => error.Message));
        ErrorCode = all.Select(error => error.Extensions?.Code).FirstOrDefault(code => code is not null);
    }

    private sealed record Extensions(QueryCost? Cost);

    private sealed record Error(string? Message, ErrorExtensions? Extensions);

    private sealed record ErrorExtensions(string? Code);
}
