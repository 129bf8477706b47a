using System.Text;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;
using Xunit;

namespace OrderGrains.Tests.Connectors;

/// <summary>The field <c>it</c> of a body, read as senders write such fields.</summary>
public sealed class JsonFieldsTests
{
    [Theory]
    [InlineData("3", 3)]
    [InlineData("3.0", 3)]
    [InlineData("3e0", 3)]
    [InlineData("30E-1", 3)]
    [InlineData("0.3e+1", 3)]
    [InlineData("\"3\"", 3)]
    [InlineData("\" 3.00 \"", 3)]
    [InlineData("-0.0", 0)]
    [InlineData("0e999999999999", 0)]
    [InlineData("\"\"", null)]
    [InlineData("null", null)]
    public void A_whole_number_is_whole_however_it_is_written(string json, int? number) => Assert.Equal(
        number, Read(json, it => it.OptionalWhole("it", 0, 1000)));

    [Theory]
    [InlineData("2.5", "it is 2.5; it must be a whole number")]
    [InlineData("\"2.5\"", "it is 2.5; it must be a whole number")]
    [InlineData("1e-400", "it is 1e-400; it must be a whole number")]
    [InlineData("1e400", "it is 1e400; the limit is 1000")]
    [InlineData("1e99999999999", "it is 1e99999999999; the limit is 1000")]
    [InlineData("1000.5e1", "it is 1000.5e1; the limit is 1000")]
    [InlineData("-1", "it is -1; it must not be negative")]
    [InlineData("\"-1e30\"", "it is -1e30; it must not be negative")]
    [InlineData("\"three\"", "it is a JSON text, expected a number")]
    [InlineData("\"3,0\"", "it is a JSON text, expected a number")]
    [InlineData("\"0x3\"", "it is a JSON text, expected a number")]
    [InlineData("\"NaN\"", "it is a JSON text, expected a number")]
    [InlineData("true", "it is a JSON boolean, expected a number")]
    [InlineData("[3]", "it is a JSON array, expected a number")]
    public void What_is_no_whole_number_is_a_fault(string json, string fault) =>
        Assert.Equal(fault, Fault(json, it => it.Whole("it", 0, 1000)));

    [Theory]
    [InlineData("true", true)]
    [InlineData("\"True\"", true)]
    [InlineData("\"FALSE\"", false)]
    [InlineData("1", true)]
    [InlineData("0", false)]
    [InlineData("\"1\"", true)]
    [InlineData("0.0", false)]
    [InlineData("\" \"", null)]
    [InlineData("null", null)]
    public void A_flag_is_a_flag_however_it_is_written(string json, bool? flag) =>
        Assert.Equal(flag, Read(json, it => it.Flag("it")));

    [Theory]
    [InlineData("2")]
    [InlineData("\"yes\"")]
    [InlineData("{}")]
    public void What_is_no_flag_is_a_fault(string json) =>
        Assert.EndsWith("expected true or false", Fault(json, it => it.Flag("it")), StringComparison.Ordinal);

    [Theory]
    [InlineData("2026-11-29T10:00:00Z")]
    [InlineData("2026-11-29T10:00Z")]
    [InlineData("2026-11-29t10:00:00z")]
    [InlineData("2026-11-29 10:00:00Z")]
    [InlineData("2026-11-29T12:00:00+02:00")]
    [InlineData("2026-11-29T12:00:00+0200")]
    [InlineData("2026-11-29T12:00:00+02")]
    [InlineData("2026-11-29 05:00:00 -0500")]
    [InlineData("2026-11-29T10:00:00.0Z")]
    [InlineData("2026-11-29T10:00:00,00000000000000000001+00:00")]
    [InlineData("2026-11-29T09:59:60Z")]
    [InlineData(" 2026-11-29T10:00:00Z ")]
    [InlineData("2026-11-29T10:00:00\\u005a")]
    public void A_time_with_a_zone_is_understood(string text) => Assert.Equal(
        new DateTimeOffset(2026, 11, 29, 10, 0, 0, TimeSpan.Zero), Read($"\"{text}\"", it => it.Time("it")));

    [Fact]
    public void Fractions_of_a_second_are_kept_as_far_as_a_tick() => Assert.Equal(
        TimeSpan.FromTicks(1_234_567),
        Read("\"2026-11-29T10:00:00.123456789Z\"", it => it.Time("it")).TimeOfDay - TimeSpan.FromHours(10));

    [Theory]
    [InlineData("2026-11-29T10:00:00", "it has no time zone")]
    [InlineData("2026-11-29 10:00", "it has no time zone")]
    [InlineData("2026-11-29", "it has no time zone")]
    [InlineData("2026-02-30T10:00:00Z", "it is no ISO 8601 time")]
    [InlineData("2026-11-29T24:00:00Z", "it is no ISO 8601 time")]
    [InlineData("2026-11-29T10:60:00Z", "it is no ISO 8601 time")]
    [InlineData("2026-11-29T10:00:61Z", "it is no ISO 8601 time")]
    [InlineData("2026-11-29T10:00:00+2:00", "it is no ISO 8601 time")]
    [InlineData("2026-11-29T10:00:00Zulu", "it is no ISO 8601 time")]
    [InlineData("0001-01-01T00:00:00+01:00", "it is no ISO 8601 time")]
    [InlineData("9999-12-31T23:59:59-01:00", "it is no ISO 8601 time")]
    [InlineData("29/11/2026 10:00", "it is no ISO 8601 time")]
    [InlineData("\\ud800", "it is no ISO 8601 time")]
    public void A_time_without_a_zone_or_that_is_none_is_a_fault(string text, string fault) =>
        Assert.Equal(fault, Fault($"\"{text}\"", it => it.Time("it")));

    [Theory]
    [InlineData("2026-11-29T10:00:00")]
    [InlineData("2026-11-29 10:00")]
    [InlineData("2026-11-29T12:00:00+02:00")]
    public void A_time_that_is_known_to_be_in_UTC_needs_no_zone(string text) => Assert.Equal(
        new DateTimeOffset(2026, 11, 29, 10, 0, 0, TimeSpan.Zero), Read($"\"{text}\"", it => it.UtcTime("it")));

    [Theory]
    [InlineData("90210", "90210")]
    [InlineData("1.50", "1.50")]
    [InlineData("true", "true")]
    [InlineData("\"a\\u0000\\ud800\\n\"", "a\uFFFD\uFFFD ")]
    [InlineData("\"\\udc00\\ud83d\\ude00\\\"\\/\\t\"", "\uFFFD😀\"/ ")]
    [InlineData("[]", null)]
    [InlineData("{}", null)]
    [InlineData("\"\\u0001\"", null)]
    public void Words_are_read_whatever_they_are(string json, string? text) =>
        Assert.Equal(text, Read(json, it => it.Text("it")));

    [Fact]
    public void Words_are_cut_and_keys_are_not()
    {
        var tooLong = $"\"{new string('x', 300)}\"";

        Assert.Equal(new string('x', 255), Read(tooLong, it => it.Text("it")));
        Assert.Equal("it is longer than 255 characters", Fault(tooLong, it => it.Code("it", 255)));
        Assert.Equal("it is longer than 255 characters", Fault(tooLong, it => it.Sku("it")));
        // 255 characters that NFC writes as two each.
        Assert.Equal("it is longer than 255 characters", Fault($"\"{new string('\u0958', 255)}\"", it => it.Sku("it")));
        Assert.Equal("it is a JSON array, expected a text", Fault("[\"x\"]", it => it.Text("it")));
    }

    [Theory]
    [InlineData("12345678901234567890", "12345678901234567890")]
    [InlineData("1.50", "1.50")]
    [InlineData("\" A-1\\u200b\\n\"", "A-1")]
    [InlineData("\"  \"", null)]
    public void A_code_is_a_text_or_the_digits_of_a_number_without_blanks_around_it(string json, string? code) =>
        Assert.Equal(code, Read(json, it => it.OptionalCode("it", 255)));

    [Theory]
    [InlineData("\"a\\u0001b\"", "it has control characters")]
    [InlineData("\"a\\ud800\"", "it is no valid text")]
    [InlineData("true", "it is a JSON boolean, expected a text")]
    public void A_code_is_never_mended(string json, string fault) =>
        Assert.Equal(fault, Fault(json, it => it.Code("it", 255)));

    [Theory]
    [InlineData("450789469", "450789469")]
    [InlineData("450789469.0", "450789469")]
    [InlineData("\" 450789469 \"", "450789469")]
    [InlineData("\"0017\"", "0017")]
    public void An_id_of_digits_is_its_digits(string json, string id) =>
        Assert.Equal(id, Read(json, it => it.DigitsId("it")));

    [Theory]
    [InlineData("4.5e8")]
    [InlineData("4.50")]
    [InlineData("\".0\"")]
    [InlineData("-4")]
    public void An_id_is_not_computed(string json) =>
        Assert.Equal("it must be made of digits", Fault(json, it => it.DigitsId("it")));

    [Theory]
    [InlineData("""{"a":"\ud800","\udc00":{"\ud800":[]},"it":7,"\ud83d":"x"}""")]
    [InlineData("""{"it":1,"\ud800":2,"it":7}""")]
    [InlineData("\uFEFF{\"it\":7}")]
    public void What_is_not_read_does_not_matter_and_a_mark_of_byte_order_is_none(string body) =>
        Assert.Equal(7, ReadBody(body, it => it.Whole("it", 0, 10)).Value);

    [Fact]
    public void Names_that_are_no_text_cost_nothing_however_many_they_are()
    {
        // Fields are looked for from the end.
        var body = $$"""{"\u0069t":7{{string.Concat(Enumerable.Repeat(",\"\\ud800\\u0069t\":1", 20_000))}}}""";

        Assert.Equal(7, ReadBody(body, it =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var found = it.Whole("it", 0, 10);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
            return found;
        }).Value);
    }

    private static T Read<T>(string json, Func<JsonFields, T> read)
    {
        var (value, fault) = ReadBody($$"""{"it":{{json}}}""", read);
        Assert.Null(fault);
        return value!;
    }

    private static string? Fault<T>(string json, Func<JsonFields, T> read) =>
        ReadBody($$"""{"it":{{json}}}""", read).Fault;

    private static (T? Value, string? Fault) ReadBody<T>(string body, Func<JsonFields, T> read)
    {
        var value = default(T);
        var reading = JsonBody.Read(Deliveries.Receipt("", Encoding.UTF8.GetBytes(body)), root =>
        {
            value = read(root);
            return new Reading.Ignored("");
        });
        return (value, (reading as Reading.Unreadable)?.Reason);
    }
}
