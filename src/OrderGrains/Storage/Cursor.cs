using System.Buffers.Text;
using System.Text;

namespace OrderGrains.Storage;

/// <summary>Where a page ended, as opaque text: the sort key of its last row.</summary>
internal static class Cursor
{
    private const char Separator = '\u001f';

    public static string Of(params ReadOnlySpan<string> parts) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Join(Separator, parts)));

    /// <exception cref="FormatException">It is none of ours.</exception>
    public static string[] Parse(string cursor, int partCount)
    {
        try
        {
            var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split(Separator);
            return parts.Length == partCount ? parts : throw Malformed();
        }
        catch (FormatException)
        {
            throw Malformed();
        }
    }

    public static long ParseNumber(string part) => long.TryParse(part, out var number) ? number : throw Malformed();

    public static Guid ParseId(string part) => Guid.TryParse(part, out var id) ? id : throw Malformed();

    private static FormatException Malformed() =>
        new("The cursor is malformed: pass the nextCursor of the page before, unchanged.");
}
