using System.Buffers;
using System.Text;
using System.Text.Json;

namespace OrderGrains.Connectors.Wms;

/// <summary>
/// What we look at in an answer's body: the protocol's fields, and <c>detail</c> or <c>title</c> of problem details
/// (RFC 9457). Whatever is no JSON object reads as nothing.
/// </summary>
internal sealed record WarehouseAnswerBody
{
    /// <summary>An answer says little; the rest of a longer one is not read.</summary>
    public const int BytesMax = 16 * 1024;

    public bool IsObject { get; private init; }
    public string? WarehouseOrderId { get; private init; }
    public string? Status { get; private init; }
    public string? Detail { get; private init; }

    /// <summary>Reads the beginning of an answer; one that breaks off reads as nothing.</summary>
    public static async Task<WarehouseAnswerBody> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BytesMax);
        var length = 0;
        try
        {
            await using var stream = await content.ReadAsStreamAsync(cancellationToken);
            length = await stream.ReadAtLeastAsync(
                buffer.AsMemory(0, BytesMax), BytesMax, throwOnEndOfStream: false, cancellationToken);
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            // The status has come, and it is the answer.
            length = 0;
        }

        var found = Parse(buffer.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(buffer);
        return found;
    }

    /// <summary>Takes the top-level fields of what may be only the beginning of an object.</summary>
    public static WarehouseAnswerBody Parse(ReadOnlySpan<byte> body)
    {
        var found = new WarehouseAnswerBody();
        string? title = null;
        try
        {
            var reader = new Utf8JsonReader(body, isFinalBlock: body.Length < BytesMax, state: default);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return found;
            found = found with { IsObject = true };
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString();
                if (!reader.Read())
                    break;
                var text = TextOf(ref reader);
                switch (name)
                {
                    case "warehouseOrderId":
                        found = found with { WarehouseOrderId = text };
                        break;
                    case "status":
                        found = found with { Status = text };
                        break;
                    case "detail":
                        found = found with { Detail = text };
                        break;
                    case "title":
                        title = text;
                        break;
                }

                if (!reader.TrySkip())
                    break;
            }
        }
        catch (JsonException)
        {
            return new WarehouseAnswerBody();
        }
        catch (InvalidOperationException)
        {
            // An escape that is no text, as in "\ud800": what stands before it still holds.
        }

        return found with { Detail = found.Detail ?? title };
    }

    /// <summary>A text or a number, for some number their orders; blank is nothing.</summary>
    private static string? TextOf(ref Utf8JsonReader reader)
    {
        var text = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => Encoding.ASCII.GetString(reader.ValueSpan),
            _ => null,
        };
        return string.IsNullOrWhiteSpace(text) ? null : Printable.Of(text, ConnectorLimits.UrlCharsMax);
    }
}
