namespace OrderGrains.Vocabulary;

/// <summary>One spelling for a SKU wherever it enters: orders, counts, configuration, the API.</summary>
public static class Sku
{
    /// <summary>
    /// Without white space and invisible characters at its ends, in Unicode NFC. Case and inner spaces are the SKU's.
    /// </summary>
    public static string Of(string text) => Nfc.Of(Trim(text));

    /// <summary>Spreadsheets and copied web pages leave such characters around what one sees.</summary>
    internal static string Trim(string text)
    {
        var (from, to) = (0, text.Length);
        while (from < to && IsBlank(text[from]))
            from++;
        while (to > from && IsBlank(text[to - 1]))
            to--;
        return text[from..to];
    }

    private static bool IsBlank(char of) => char.IsWhiteSpace(of) || of is '\u200B' or '\uFEFF' or '\u2060';
}
