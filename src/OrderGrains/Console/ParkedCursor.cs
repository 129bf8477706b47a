using System.Buffers.Text;
using System.Text;

namespace OrderGrains.Console;

/// <summary>Where each of two merged lists stands: the next page's cursor, or done.</summary>
internal readonly record struct ParkedCursor(ListPlace Receipts, ListPlace Messages)
{
    private const char Between = '\n';

    /// <summary>Null when both lists are done.</summary>
    public string? Text => Receipts.Done && Messages.Done
        ? null
        : Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{Receipts.Text}{Between}{Messages.Text}"));

    /// <exception cref="FormatException">It is not one that we gave out.</exception>
    public static ParkedCursor Parse(string? text)
    {
        if (text is null)
            return default;
        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(Between);
        return parts.Length == 2
            ? new ParkedCursor(ListPlace.Parse(parts[0]), ListPlace.Parse(parts[1]))
            : throw new FormatException("A cursor has two parts.");
    }
}

/// <summary>A place in one list: at its start, after a page, or past its end.</summary>
internal readonly record struct ListPlace(string? Cursor, bool Done)
{
    private const string DoneText = ".";

    public static ListPlace End { get; } = new(null, true);

    public string Text => Done ? DoneText : Cursor is null ? "" : $"={Cursor}";

    public static ListPlace After(string? nextCursor) => nextCursor is null ? End : new ListPlace(nextCursor, false);

    public static ListPlace Parse(string text) => text switch
    {
        "" => default,
        DoneText => End,
        _ when text[0] == '=' => new ListPlace(text[1..], false),
        _ => throw new FormatException("A place is a start, a cursor or an end."),
    };
}
