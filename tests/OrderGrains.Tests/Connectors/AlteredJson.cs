using System.Text;
using System.Text.Json.Nodes;

namespace OrderGrains.Tests.Connectors;

/// <summary>A sample with values set otherwise.</summary>
internal static class AlteredJson
{
    /// <param name="body">The sample.</param>
    /// <param name="changes">Paths of names and indices, parted by slashes; null takes a field away.</param>
    public static byte[] Of(ReadOnlySpan<byte> body, params ReadOnlySpan<(string Path, string? Json)> changes)
    {
        var root = JsonNode.Parse(body)!;
        foreach (var (path, json) in changes)
            Set(root, path.Split('/'), json);
        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    private static void Set(JsonNode at, string[] path, string? json)
    {
        foreach (var name in path[..^1])
            at = (int.TryParse(name, out var index) ? at[index] : at[name])!;
        if (at is JsonArray array)
            array[int.Parse(path[^1])] = JsonNode.Parse(json!);
        else if (json is null)
            at.AsObject().Remove(path[^1]);
        else
            at[path[^1]] = JsonNode.Parse(json);
    }
}
