namespace OrderGrains.Vocabulary;

/// <summary>What two SKUs have in common that a person would take for one.</summary>
public static class SkuFold
{
    /// <summary>The SKU in upper case, without any white space.</summary>
    public static string Of(string sku) =>
        string.Concat(sku.Where(letter => !char.IsWhiteSpace(letter))).ToUpperInvariant();
}
