using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Shopify;

public sealed class ShopifyFaultTests
{
    private static readonly string[] Topics =
    [
        "orders/create", "orders/edited", "refunds/create", "orders/delete", "fulfillments/create",
        "fulfillment_orders/moved", "products/update", "inventory_levels/update",
    ];

    [Theory]
    [InlineData("id", null, "id is missing")]
    [InlineData("id", "null", "id is missing")]
    [InlineData("id", "-5", "id must be made of digits")]
    [InlineData("id", "1.5", "id must be made of digits")]
    [InlineData("id", "\"450/789\"", "id must be made of digits")]
    [InlineData("id", "[1]", "id is a JSON array, expected a text")]
    [InlineData("updated_at", null, "updated_at is missing")]
    [InlineData("updated_at", "\"yesterday\"", "updated_at is no ISO 8601 time")]
    [InlineData("updated_at", "1199980800", "updated_at is no ISO 8601 time")]
    [InlineData("updated_at", "\"2008-01-10T11:00:00\"", "updated_at has no time zone")]
    [InlineData("updated_at", "\"2008-01-10\"", "updated_at has no time zone")]
    [InlineData("updated_at", "\"2036-01-10T11:00:00Z\"", "updated_at is more than a day ahead of its arrival")]
    [InlineData("created_at", "null", "created_at is missing")]
    [InlineData("cancelled_at", "true", "cancelled_at is no ISO 8601 time")]
    [InlineData("line_items", null, "line_items is missing")]
    [InlineData("line_items", "{}", "line_items is a JSON object, expected an array")]
    [InlineData("line_items/0", "7", "line_items[0] is a JSON number, expected an object")]
    [InlineData("line_items/1/id", null, "line_items[1].id is missing")]
    [InlineData("line_items/1/id", "466157049", "line_items[1].id is that of an earlier line")]
    [InlineData("line_items/0/quantity", "99999999", "line_items[0].quantity is 99999999; the limit is 1000000")]
    [InlineData("line_items/0/quantity", "-1", "line_items[0].quantity is -1; it must not be negative")]
    [InlineData("line_items/0/quantity", "1.5", "line_items[0].quantity is 1.5; it must be a whole number")]
    [InlineData("line_items/0/quantity", "\"one\"", "line_items[0].quantity is a JSON text, expected a number")]
    [InlineData("line_items/0/quantity", null, "line_items[0].quantity is missing")]
    [InlineData("line_items/0/quantity", "123456789012345678901234567890",
        "line_items[0].quantity is 12345678901234567890…; the limit is 1000000")]
    [InlineData("line_items/2/current_quantity", "-2", "line_items[2].current_quantity is -2; it must not be negative")]
    [InlineData("line_items/0/gift_card", "\"no\"", "line_items[0].gift_card is a JSON text, expected true or false")]
    [InlineData("refunds/0/id", null, "refunds[0].id is missing")]
    [InlineData("refunds/0/refund_line_items/1/line_item_id", null,
        "refunds[0].refund_line_items[1].line_item_id is missing")]
    [InlineData("refunds", """[{"id":7},{"id":7}]""", "refunds[1].id is that of an earlier refund")]
    [InlineData("shipping_address", "\"Chestnut Street 92\"",
        "shipping_address is a JSON text, expected an object")]
    public void A_fault_names_the_field_and_the_rule(string path, string? json, string reason)
    {
        // JsonNode would write a lone surrogate as a replacement character.
        var body = json == "\"\\ud800\""
            ? Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(ShopifySample.With(path, "\"LONE\""))
                .Replace("LONE", "\\ud800", StringComparison.Ordinal))
            : ShopifySample.With(path, json);

        Assert.Equal(reason, ShopifySample.Unreadable("orders/create", body));
    }

    [Theory]
    [InlineData("id", 65, '1', "id is longer than 64 digits")]
    [InlineData("line_items/0/id", 65, '1', "line_items[0].id is longer than 64 digits")]
    public void Texts_far_too_long_are_named_and_not_repeated(string path, int length, char of, string reason) =>
        Assert.Equal(reason, ShopifySample.Unreadable(
            "orders/create", ShopifySample.With(path, $"\"{new string(of, length)}\"")));

    [Fact]
    public void More_than_a_thousand_lines_are_too_many()
    {
        var lines = new JsonArray([.. Enumerable.Range(1, 1001).Select(
            id => JsonNode.Parse($$"""{"id":{{id}},"quantity":1}"""))]);

        Assert.Equal(
            "line_items has 1001 entries; the limit is 1000",
            ShopifySample.Unreadable("orders/create", ShopifySample.With("line_items", lines.ToJsonString())));
        lines.RemoveAt(0);
        Assert.Equal(1000, ShopifySample.Snapshot(
            ShopifySample.With("line_items", lines.ToJsonString())).Lines.Count);
    }

    [Theory]
    [InlineData("", "the body is empty")]
    [InlineData("[]", "the body is a JSON array, expected an object")]
    [InlineData("null", "the body is JSON null, expected an object")]
    [InlineData("{\"id\":1,\n  oops}", "the body is not JSON: line 2, byte 3")]
    public void A_body_that_is_no_JSON_object_is_unreadable(string body, string reason) =>
        Assert.Equal(reason, ShopifySample.Unreadable("orders/create", Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void A_body_that_is_not_UTF8_is_unreadable() => Assert.Equal(
        "the body is not UTF-8", ShopifySample.Unreadable("orders/create", new byte[] { 0x7B, 0xFF, 0x7D }));

    [Fact]
    public void No_mutation_of_the_sample_makes_it_throw() =>
        Gen.Select(
            Gen.Int[0, Topics.Length - 1],
            Gen.Int[0, ShopifySample.Order.Length],
            Gen.Select(Gen.Int[0, ShopifySample.Order.Length - 1], Gen.Byte).Array[0, 8]).Sample(
            (topic, length, bytes) =>
            {
                var body = ShopifySample.Order.ToArray();
                foreach (var (at, value) in bytes)
                    body[at] = value;
                // Most cuts leave no JSON: half of the bodies stay whole.
                var cut = length % 2 == 0 ? body : body[..length];
                return Told(ShopifySample.Read(Topics[topic], cut));
            },
            iter: 3000);

    [Fact]
    public void No_value_in_any_place_of_the_sample_makes_it_throw()
    {
        string[] values =
        [
            "null", "0", "-1", "1e400", "1.5", "\"\"", "\"x\"", "\"\\ud800\"", "[]", "[null]", "[[]]", "{}", "true",
            "99999999999999999999", "\"9999-12-31T23:59:59-14:00\"", "\"0001-01-01T00:00:00+14:00\"",
        ];
        var text = Encoding.UTF8.GetString(ShopifySample.Order);
        string[] lines = text.Split('\n');
        var places = Enumerable.Range(0, lines.Length).Where(at => lines[at].Contains("\": ", StringComparison.Ordinal)
            && lines[at][^1] is not ('{' or '[')).ToArray();
        Gen.Select(Gen.Int[0, places.Length - 1], Gen.Int[0, values.Length - 1]).Sample(
            (place, which) =>
            {
                var (at, value) = (places[place], values[which]);
                var altered = lines.ToArray();
                var colon = altered[at].IndexOf("\": ", StringComparison.Ordinal) + 3;
                altered[at] = altered[at][..colon] + value + (altered[at].EndsWith(',') ? "," : "");
                return Told(ShopifySample.Read("orders/create", string.Join('\n', altered)));
            },
            iter: 3000);
    }

    private static bool Told(Reading reading) => reading is Reading.Understood or Reading.Ignored
        || (reading is Reading.Unreadable { Reason: { Length: > 0 and < 300 } reason } && !TellsOfBob(reason));

    private static bool TellsOfBob(string reason) =>
        reason.Contains("Bob", StringComparison.Ordinal) || reason.Contains("Chestnut", StringComparison.Ordinal);
}
