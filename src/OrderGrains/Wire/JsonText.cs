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
