using System.Text.Json;

namespace OrderGrains.Wire;

/// <summary>One entry of an array.</summary>
/// <param name="Index">Its place, from 0.</param>
/// <param name="Fields">Null when it is no object; <paramref name="Fault"/> then says so.</param>
/// <param name="Fault">Faults of this entry alone; to be taken before the next is read.</param>
internal readonly record struct JsonRow(int Index, JsonFields? Fields, JsonFault Fault);

/// <content>Arrays of which one bad entry costs one entry.</content>
internal readonly partial struct JsonFields
{
    /// <summary>
    /// The entries of an array, read one after the other, so that many take no more memory than one; null when absent
    /// or null.
    /// </summary>
    public IEnumerable<JsonRow>? Rows(string name)
    {
        if (!TryFind(name, out var value))
            return null;
        if (value.ValueKind == JsonValueKind.Array)
            return Rows(value);
        Fault(name, $"is {KindOf(value)}, expected an array");
        return [];
    }

    private static IEnumerable<JsonRow> Rows(JsonElement array)
    {
        var (index, own) = (0, new JsonFault());
        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Object)
            {
                yield return new JsonRow(index++, new JsonFields(item, "", own), own);
                continue;
            }

            own.Add($"is {KindOf(item)}, expected an object");
            yield return new JsonRow(index++, null, own);
        }
    }
}
