using System.Text.Json;
using System.Text.Json.Serialization;
using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.Warehouses;

/// <summary>Writes <see cref="ReleaseRequest"/> as CONTRACT section 3 has it: camelCase, nulls left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ReleaseRequest), GenerationMode = JsonSourceGenerationMode.Serialization)]
public sealed partial class ReleaseRequestJson : JsonSerializerContext
{
    /// <summary>UTF-8 JSON; the same request gives the same bytes.</summary>
    public static byte[] Serialize(ReleaseRequest request) =>
        JsonSerializer.SerializeToUtf8Bytes(request, Default.ReleaseRequest);
}
