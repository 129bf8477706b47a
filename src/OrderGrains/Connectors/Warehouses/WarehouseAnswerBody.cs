using System.Buffers;
using System.Text;
using System.Text.Json;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses;

/// <summary>What an answer's body is.</summary>
internal enum AnswerForm
{
    Empty,
    Object,

    /// <summary>JSON, but no object.</summary>
    Json,

    /// <summary>A page, a text, or JSON that breaks off: not from whoever serves the protocol.</summary>
    Other,
}

/// <summary>
/// What we look at in an answer's body: the protocol's fields, what says that it failed, and <c>detail</c> or
/// <c>title</c> of problem details (RFC 9457).
/// </summary>
internal sealed record WarehouseAnswerBody
{
    /// <summary>An answer says little; the rest of a longer one is not read.</summary>
    public const int BytesMax = 16 * 1024;

    public AnswerForm Form { get; private init; }
    public string? Reference { get; private init; }
    public string? WarehouseOrderId { get; private init; }
    public string? Status { get; private init; }
    public bool? IsCancelled { get; private init; }

    /// <summary>The answer says of itself that it failed, whatever its status code.</summary>
    public bool SaysFailed { get; private init; }

    /// <summary>The words of the failure, for people.</summary>
    public string? Detail { get; private init; }

    /// <summary>Reads the beginning of an answer; one that breaks off is no proof of anything.</summary>
    public static async Task<WarehouseAnswerBody> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BytesMax);
        try
        {
            await using var stream = await content.ReadAsStreamAsync(cancellationToken);
            var length = await stream.ReadAtLeastAsync(
                buffer.AsMemory(0, BytesMax), BytesMax, throwOnEndOfStream: false, cancellationToken);
            var body = Parse(buffer.AsSpan(0, length));
            // An empty page is a page; but some programs call their JSON one.
            return body.Form == AnswerForm.Empty && content.Headers.ContentType?.MediaType is "text/html"
                ? body with { Form = AnswerForm.Other } : body;
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            return new WarehouseAnswerBody { Form = AnswerForm.Other };
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Takes the top-level fields of what may be only the beginning of an object.</summary>
    public static WarehouseAnswerBody Parse(ReadOnlySpan<byte> body)
    {
        var whole = body.Length < BytesMax;
        if (body.StartsWith("\uFEFF"u8))
            body = body["\uFEFF"u8.Length..];
        if (body.Trim(" \t\r\n"u8).IsEmpty)
            return new WarehouseAnswerBody { Form = AnswerForm.Empty };
        try
        {
            var reader = new Utf8JsonReader(body, isFinalBlock: whole, state: default);
            if (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                return ParseObject(ref reader);
            while (reader.Read())
            {
            }

            return new WarehouseAnswerBody { Form = AnswerForm.Json };
        }
        catch (JsonException)
        {
            return new WarehouseAnswerBody { Form = AnswerForm.Other };
        }
    }

    private static WarehouseAnswerBody ParseObject(ref Utf8JsonReader reader)
    {
        var found = new WarehouseAnswerBody { Form = AnswerForm.Object };
        var words = new AnswerWords();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonText.Mend(reader.ValueSpan);
            if (!reader.Read())
                break;
            var text = TextOf(ref reader);
            found = name switch
            {
                "reference" => found with { Reference = text },
                "warehouseOrderId" => found with { WarehouseOrderId = text },
                "status" => found with { Status = text },
                "cancelled" or "canceled" => found with { IsCancelled = text is null ? null : JsonFlag.Read(text) },
                _ => found,
            };
            words.Add(name, text);
            found = found with { SaysFailed = found.SaysFailed || AnswerFailure.IsSaid(name, text, ref reader) };
            if (!reader.TrySkip())
                break;
        }

        // What follows the object makes it no JSON.
        while (reader.Read())
        {
        }

        return found with { Detail = words.Best };
    }

    /// <summary>
    /// A text, a number, for some number their orders, or a boolean, as it is written; blank is nothing.
    /// </summary>
    private static string? TextOf(ref Utf8JsonReader reader)
    {
        var text = reader.TokenType switch
        {
            JsonTokenType.String => JsonText.Mend(reader.ValueSpan),
            JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False => Encoding.ASCII.GetString(
                reader.ValueSpan),
            _ => null,
        };
        return string.IsNullOrWhiteSpace(text) ? null : Printable.Of(text.Trim(), ConnectorLimits.UrlCharsMax);
    }
}
