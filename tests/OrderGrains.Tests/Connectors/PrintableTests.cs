using System.Text;
using CsCheck;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("a\r\nb\u0085", "a  b ")]
    [InlineData("a\0b", "a\uFFFDb")]
    [InlineData("😀", "😀")]
    public void What_no_database_or_log_can_take_is_replaced(string text, string printable) =>
        Assert.Equal(printable, Printable.Of(text));

    [Fact]
    public void Halves_of_surrogate_pairs_are_replaced()
    {
        // An attribute could not hold them.
        Assert.Equal("a\uFFFDb", Printable.Of("a\uD800b"));
        Assert.Equal("\uFFFD", Printable.Of("\uDC00"));
        Assert.Equal("\uFFFD\uFFFD", Printable.Of("\uDE00\uD83D"));
        Assert.Equal("\uFFFD😀", Printable.Of("\uD83D😀"));
    }

    [Theory]
    [InlineData("abcd", 4, "abcd")]
    [InlineData("abcde", 4, "abcd")]
    [InlineData("abc😀", 4, "abc")]
    [InlineData("abce\u0301", 4, "abc")]
    [InlineData("👨\u200D👩\u200D👧!", 8, "👨\u200D👩\u200D👧")]
    [InlineData("👨\u200D👩\u200D👧", 7, "👨\u200D👩\u200D")]
    [InlineData("😀", 1, "")]
    public void A_text_is_cut_between_whole_characters(string text, int charsMax, string cut) =>
        Assert.Equal(cut, Printable.Of(text, charsMax));

    [Fact]
    public void Whatever_is_cut_is_short_enough_and_has_no_half_of_a_pair() =>
        Gen.Select(
            Gen.OneOf(Gen.Char, Gen.Char['\uD83C', '\uDFFF'], Gen.Char['a', 'z'], Gen.Char['\u0300', '\u0310'])
                .Array[0, 30],
            Gen.Int[1, 20]).Sample((letters, charsMax) =>
            {
                var cut = Printable.Of(new string(letters), charsMax);
                // Halves of pairs have no encoding, and would not come back.
                return cut.Length <= charsMax && !cut.Any(char.IsControl)
                    && cut == Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(cut));
            });
}
