using System.Globalization;

namespace OrderGrains.Vocabulary;

/// <summary>Others' words, made fit for logs, databases and screens.</summary>
internal static class Printable
{
    private const char NoCharacter = '\uFFFD';

    /// <summary>
    /// Control characters become spaces, for line breaks forge log lines; NUL and halves of surrogate pairs, which
    /// PostgreSQL refuses, become U+FFFD.
    /// </summary>
    public static string Of(string text) => text.Any(static c => char.IsControl(c) || char.IsSurrogate(c))
        ? string.Create(text.Length, text, static (to, from) =>
        {
            for (var at = 0; at < from.Length; at++)
                to[at] = Shown(from, at);
        })
        : text;

    /// <summary>As <see cref="Of(string)"/>, cut so that so many characters are left at most, each whole.</summary>
    public static string Of(string text, int charsMax) =>
        Of(text.Length > charsMax ? text[..Cut(text, charsMax)] : text);

    private static char Shown(string text, int at) => text[at] switch
    {
        '\0' => NoCharacter,
        var c when char.IsControl(c) => ' ',
        var c when char.IsHighSurrogate(c) && !(at + 1 < text.Length && char.IsLowSurrogate(text[at + 1])) =>
            NoCharacter,
        var c when char.IsLowSurrogate(c) && !(at > 0 && char.IsHighSurrogate(text[at - 1])) => NoCharacter,
        var c => c,
    };

    /// <summary>What people see as one character may be many: a letter with its marks, a family of emoji.</summary>
    private static int Cut(string text, int charsMax)
    {
        var at = 0;
        for (var next = 0; next <= charsMax; next += StringInfo.GetNextTextElementLength(text, next))
            at = next;
        if (at > 0)
            return at;
        // One such character longer than all that we hold.
        return char.IsHighSurrogate(text[charsMax - 1]) ? charsMax - 1 : charsMax;
    }
}
