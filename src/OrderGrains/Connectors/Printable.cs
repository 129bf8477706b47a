namespace OrderGrains.Connectors;

/// <summary>Others' words, made fit for logs, databases and screens.</summary>
internal static class Printable
{
    /// <summary>Control characters become spaces: PostgreSQL refuses NUL, and line breaks forge log lines.</summary>
    public static string Of(string text) => text.Any(char.IsControl)
        ? string.Create(text.Length, text, static (to, from) =>
        {
            for (var at = 0; at < from.Length; at++)
                to[at] = char.IsControl(from[at]) ? ' ' : from[at];
        })
        : text;

    /// <summary>As <see cref="Of(string)"/>, cut at so many characters without parting a surrogate pair.</summary>
    public static string Of(string text, int charsMax)
    {
        if (text.Length > charsMax)
            text = text[..(char.IsHighSurrogate(text[charsMax - 1]) ? charsMax - 1 : charsMax)];
        return Of(text);
    }
}
