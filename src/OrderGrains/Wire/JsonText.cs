using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace OrderGrains.Wire;

/// <summary>Texts of JSON, even those that are no text: half a surrogate pair, as in "\ud800", is JSON.</summary>
internal static class JsonText
{
    /// <summary>False when the text had halves of pairs, which are U+FFFD in <paramref name="text"/>.</summary>
    public static bool TryRead(JsonElement value, out string text)
    {
        try
        {
            text = value.GetString() ?? "";
            return true;
        }
        catch (InvalidOperationException)
        {
            text = Mend(JsonMarshal.GetRawUtf8Value(value)[1..^1]);
            return false;
        }
    }

    /// <summary>A field of an object, whatever its neighbours are called.</summary>
    public static bool TryGet(JsonElement element, string name, out JsonElement value)
    {
        try
        {
            return element.TryGetProperty(name, out value);
        }
        catch (InvalidOperationException)
        {
            // A neighbour's name holds half a surrogate pair: then each name is looked at by itself.
            return TryGetOneByOne(element, name, out value);
        }
    }

    /// <summary>What stands between the quotes, with escapes resolved and halves of pairs replaced.</summary>
    public static string Mend(ReadOnlySpan<byte> quoted)
    {
        var written = Encoding.UTF8.GetString(quoted);
        var text = new StringBuilder(written.Length);
        for (var at = 0; at < written.Length; at++)
        {
            if (written[at] != '\\' || at + 1 == written.Length)
            {
                text.Append(written[at]);
                continue;
            }

            at++;
            if (written[at] == 'u' && at + 4 < written.Length
                && ushort.TryParse(written.AsSpan(at + 1, 4), NumberStyles.AllowHexSpecifier, null, out var unit))
            {
                text.Append((char)unit);
                at += 4;
            }
            else
            {
                text.Append(Escaped(written[at]));
            }
        }

        // Halves of pairs have no encoding.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static bool TryGetOneByOne(JsonElement element, string name, out JsonElement value)
    {
        value = default;
        foreach (var property in element.EnumerateObject())
        {
            if (Reads(JsonMarshal.GetRawUtf8PropertyName(property), name))
                value = property.Value;
        }

        return value.ValueKind != JsonValueKind.Undefined;
    }

    /// <summary>
    /// Whether what stands between the quotes is the name. Nothing is made for it, and nothing thrown: there may be as
    /// many names as fit in a body.
    /// </summary>
    private static bool Reads(ReadOnlySpan<byte> quoted, ReadOnlySpan<char> name)
    {
        Span<char> letter = stackalloc char[2];
        while (!quoted.IsEmpty)
        {
            var (length, used) = (1, 2);
            if (quoted is [(byte)'\\', (byte)'u', ..])
            {
                used = 6;
                letter[0] = (char)ushort.Parse(quoted[2..used], NumberStyles.AllowHexSpecifier);
            }
            else if (quoted is [(byte)'\\', ..])
            {
                letter[0] = Escaped((char)quoted[1]);
            }
            else
            {
                Rune.DecodeFromUtf8(quoted, out var rune, out used);
                length = rune.EncodeToUtf16(letter);
            }

            if (!name.StartsWith(letter[..length]))
                return false;
            quoted = quoted[used..];
            name = name[length..];
        }

        return name.IsEmpty;
    }

    private static char Escaped(char letter) => letter switch
    {
        'b' => '\b',
        'f' => '\f',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        _ => letter,
    };
}
