using System.Text;
using CsCheck;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors;

public sealed class SkuTests
{
    [Theory]
    [InlineData("MUG", "MUG")]
    [InlineData(" MUG\t", "MUG")]
    [InlineData("\u00A0MUG\u200B", "MUG")]
    [InlineData("\uFEFF\u3000\u2060MUG\u2029", "MUG")]
    [InlineData("big MUG  blue", "big MUG  blue")]
    [InlineData("Mug/\u200Bblue", "Mug/\u200Bblue")]
    [InlineData(" \u200B ", "")]
    [InlineData("", "")]
    public void Blanks_at_the_ends_are_no_part_of_a_SKU_and_those_inside_are(string written, string sku) =>
        Assert.Equal(sku, Sku.Of(written));

    [Theory]
    [InlineData("CAFE\u0301", "CAF\u00C9")]
    [InlineData("CAF\u00C9", "CAF\u00C9")]
    [InlineData("\u212B", "\u00C5")]
    [InlineData("a\u0323\u0302", "\u1EAD")]
    [InlineData("a\u0302\u0323", "\u1EAD")]
    [InlineData("a\u0301\u0301", "\u00E1\u0301")]
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("\u1112\u1161\u11AB\u1100\u1173\u11AF", "\uD55C\uAE00")]
    [InlineData("\uAC00\u11A8", "\uAC01")]
    [InlineData("\uD834\uDD5E", "\uD834\uDD57\uD834\uDD65")]
    [InlineData("\u0301A", "\u0301A")]
    [InlineData("\u1100\u0301\u1161", "\u1100\u0301\u1161")]
    [InlineData("\u30CF\u3099", "\u30D0")]
    [InlineData("\u6F22\u5B57", "\u6F22\u5B57")]
    public void Letters_that_look_the_same_are_the_same(string written, string sku) =>
        Assert.Equal(sku, Sku.Of(written));

    [Fact]
    public void A_SKU_that_is_spelled_so_stays_so() =>
        Gen.OneOf(Gen.Char['\u0000', '\u04FF'], Gen.Char['\u1100', '\u1200'], Gen.Char['\u0900', '\u0FFF'])
            .Array[0, 12].Sample(letters =>
            {
                var sku = Sku.Of(new string(letters));
                return Sku.Of(sku) == sku && Encoding.UTF8.GetByteCount(sku) <= 3 * 3 * letters.Length;
            });
}
