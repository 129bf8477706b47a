using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace OrderGrains.Vocabulary;

/// <summary>What happened, as it stands in the outbox; when is its message's time.</summary>
/// <param name="Type">One of <see cref="EventTypes"/>.</param>
/// <param name="Data">
/// The facts: a JSON object, without personal data. Null when its subject states them in the moment in which they are
/// sent.
/// </param>
public sealed record EventFacts(string Type, string? Data)
{
    /// <summary>How facts are written: camel case, enums by name, times in UTC, nulls left out.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
            new UtcJsonConverter(),
        },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    public static EventFacts Of<T>(string type, T data) => new(type, JsonSerializer.Serialize(data, Json));
}
