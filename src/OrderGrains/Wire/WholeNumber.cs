namespace OrderGrains.Wire;

/// <summary>What a number is, as it is written.</summary>
internal enum NumberForm
{
    None,
    Fraction,
    Whole,
}

/// <summary>Reads whole numbers however they are written: 3, 3.0, 3e0, 30e-1.</summary>
internal static class WholeNumber
{
    /// <summary>Far beyond what any bound allows, and far from overflowing.</summary>
    private const int ExponentMax = 1_000_000_000;

    /// <summary>Numbers beyond the bounds of <paramref name="number"/> come as the bound.</summary>
    public static NumberForm Read(ReadOnlySpan<char> text, out long number)
    {
        number = 0;
        var negative = text is ['-', ..];
        if (text is ['-' or '+', ..])
            text = text[1..];
        var mantissa = text;
        long exponent = 0;
        if (text.IndexOfAny('e', 'E') is >= 0 and var e)
        {
            if (!TryReadExponent(text[(e + 1)..], out exponent))
                return NumberForm.None;
            mantissa = text[..e];
        }

        var point = mantissa.IndexOf('.');
        var whole = point < 0 ? mantissa : mantissa[..point];
        var fraction = point < 0 ? [] : mantissa[(point + 1)..];
        if (whole.IsEmpty || (point >= 0 && fraction.IsEmpty) || whole.ContainsAnyExceptInRange('0', '9')
            || fraction.ContainsAnyExceptInRange('0', '9'))
            return NumberForm.None;
        var digits = string.Concat(whole, fraction);
        exponent += digits.Length - digits.TrimEnd('0').Length - fraction.Length;
        var significant = digits.AsSpan().Trim('0');
        if (significant.IsEmpty)
            return NumberForm.Whole;
        if (exponent < 0)
            return NumberForm.Fraction;
        // 18 digits always fit.
        number = significant.Length + exponent > 18 ? long.MaxValue
            : long.Parse(string.Concat(significant, new string('0', (int)exponent)));
        number = negative ? -number : number;
        return NumberForm.Whole;
    }

    private static bool TryReadExponent(ReadOnlySpan<char> text, out long exponent)
    {
        exponent = 0;
        var negative = text is ['-', ..];
        if (text is ['-' or '+', ..])
            text = text[1..];
        if (text.IsEmpty || text.ContainsAnyExceptInRange('0', '9'))
            return false;
        exponent = int.TryParse(text, out var written) ? Math.Min(written, ExponentMax) : ExponentMax;
        exponent = negative ? -exponent : exponent;
        return true;
    }
}
