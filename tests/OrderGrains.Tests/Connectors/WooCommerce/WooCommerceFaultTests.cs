using System.Text;
using CsCheck;
using Microsoft.AspNetCore.Http;
using OrderGrains.Connectors;
using OrderGrains.Connectors.WooCommerce;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.WooCommerce;

public sealed class WooCommerceFaultTests
{
    private static readonly string[] Topics =
        ["order.created", "order.updated", "order.restored", "order.deleted", "product.updated", "product.deleted", ""];

    private static readonly string[] Recordings =
    [
        "order.created", "order.updated-cancelled", "order.deleted", "order.created-permission-error",
        "product.updated-stock", "ping",
    ];

    private static readonly WooCommerceSource Shop = WooCommerceSample.Shop();

    [Theory]
    [InlineData("id", null, "id is missing")]
    [InlineData("id", "-5", "id must be made of digits")]
    [InlineData("id", "\"12/13\"", "id must be made of digits")]
    [InlineData("status", null, "status is missing")]
    [InlineData("status", "{}", "status is a JSON object, expected a text")]
    [InlineData("status", "\"Zoe Luk\"", "status is not the name of one")]
    [InlineData("date_modified_gmt", "\"yesterday\"", "date_modified_gmt is no ISO 8601 time")]
    [InlineData("date_created_gmt", null, "date_created_gmt is missing")]
    [InlineData("date_created_gmt", "1763913764", "date_created_gmt is no ISO 8601 time")]
    [InlineData("date_modified_gmt", "\"2036-01-10T11:00:00\"",
        "date_modified_gmt is more than a day ahead of its arrival")]
    [InlineData("line_items", null, "line_items is missing")]
    [InlineData("line_items", "{}", "line_items is a JSON object, expected an array")]
    [InlineData("line_items/0/id", null, "line_items[0].id is missing")]
    [InlineData("line_items/1/id", "1", "line_items[1].id is that of an earlier line")]
    [InlineData("line_items/0/quantity", "1.5", "line_items[0].quantity is 1.5; it must be a whole number")]
    [InlineData("line_items/0/quantity", "-1", "line_items[0].quantity is -1; it must not be negative")]
    [InlineData("line_items/0/quantity", "1000001", "line_items[0].quantity is 1000001; the limit is 1000000")]
    [InlineData("line_items/0/quantity", null, "line_items[0].quantity is missing")]
    [InlineData("line_items/0/meta_data", "{}",
        "line_items[0].meta_data is a JSON object, expected an array")]
    [InlineData("refunds", """[{"id":7},{"id":7}]""", "refunds[1].id is that of an earlier refund")]
    [InlineData("refunds", """[{"reason":"damaged"}]""", "refunds[0].id is missing")]
    [InlineData("shipping", "\"969 Market\"", "shipping is a JSON text, expected an object")]
    [InlineData("billing_period", "\"month\"", "the body is a subscription, and no order")]
    public void A_fault_names_the_field_and_the_rule(string path, string? json, string reason) => Assert.Equal(
        reason, WooCommerceSample.Unreadable("order.created", WooCommerceSample.With((path, json))));

    [Theory]
    [InlineData("", "the body is empty")]
    [InlineData("false", "the body is a JSON boolean, expected an object")]
    [InlineData("[]", "the body is a JSON array, expected an object")]
    [InlineData("<b>Maintenance</b>", "the body is not JSON: line 1, byte 1")]
    [InlineData("""{"order":{"id":12}}""",
        "the body is of WooCommerce's legacy API: set the webhook's API version to WP REST API Integration v3")]
    [InlineData("""{"id":12,"amount":"5.00","line_items":[]}""", "status is missing")]
    public void A_body_that_is_no_order_is_unreadable(string body, string reason) => Assert.Equal(
        reason, WooCommerceSample.Unreadable("order.updated", Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void A_product_under_an_order_topic_is_no_order() => Assert.NotEmpty(WooCommerceSample.Unreadable(
        "order.updated", WooCommerceSample.Body("product.updated-stock")));

    [Fact]
    public void No_mutation_of_a_recording_makes_it_throw() => Gen.Select(
        Gen.Int[0, Topics.Length - 1], Gen.Int[0, Recordings.Length - 1], Gen.Double.Unit,
        Gen.Select(Gen.Double.Unit, Gen.Byte).Array[0, 8]).Sample(
        (topic, recording, cut, bytes) =>
        {
            var body = WooCommerceSample.Body(Recordings[recording]);
            foreach (var (at, value) in bytes)
                body[(int)(at * (body.Length - 1))] = value;
            // Most cuts leave no JSON: half of the bodies stay whole.
            var told = cut < 0.5 ? body : body[..(int)(cut * body.Length)];
            var headers = WooCommerceSample.Headers(Recordings[recording]);
            return Told(Shop.Verify(new WebhookRequest(headers, told), Deliveries.Now))
                && Told(WooCommerceSample.Read(Topics[topic], told, Shop));
        },
        iter: 3000);

    [Fact]
    public void No_signature_makes_it_throw() => Gen.String.Sample(text => Told(Shop.Verify(
        new WebhookRequest(
            new HeaderDictionary { [WooCommerceSource.SignatureHeader] = text, [WooCommerceSource.TopicHeader] = text },
            "{}"u8), Deliveries.Now)));

    [Fact]
    public void No_value_in_any_place_of_an_order_makes_it_throw()
    {
        string[] values =
        [
            "null", "0", "-1", "1e400", "1.5", "\"\"", "\"x\"", "\"\\ud800\"", "[]", "[null]", "[[]]", "{}", "true",
            "99999999999999999999", "\"9999-12-31T23:59:59\"", "\"0001-01-01T00:00:00+14:00\"",
        ];
        // The recorded bodies stand on one line: each value of the alphabet's names is a place.
        var text = Encoding.UTF8.GetString(WooCommerceSample.Body("order.updated-cancelled"));
        var places = Enumerable.Range(0, text.Length - 2).Where(at => text.AsSpan(at).StartsWith("\":")).ToArray();
        Gen.Select(Gen.Int[0, places.Length - 1], Gen.Int[0, values.Length - 1]).Sample(
            (place, which) =>
            {
                var from = places[place] + 2;
                var altered = text[..from] + values[which] + text[End(text, from)..];
                return Told(WooCommerceSample.Read("order.restored", Encoding.UTF8.GetBytes(altered), Shop));
            },
            iter: 3000);
    }

    /// <summary>Where the value ends that begins there.</summary>
    private static int End(string text, int from)
    {
        var reader = new System.Text.Json.Utf8JsonReader(Encoding.UTF8.GetBytes(text[from..]), false, default);
        reader.Read();
        reader.TrySkip();
        return from + Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text[from..])[..(int)reader.BytesConsumed]).Length;
    }

    private static bool Told(Verification verification) =>
        verification is Verification.Authentic or Verification.Greeting
        || Deliveries.Rule(verification) is { Length: > 0 and < 100 };

    private static bool Told(Reading reading) => reading is Reading.Understood or Reading.Ignored
        || (reading is Reading.Unreadable { Reason: { Length: > 0 and < 300 } reason } && !TellsOfZoe(reason));

    private static bool TellsOfZoe(string reason) => reason.Contains("Neil", StringComparison.Ordinal)
        || reason.Contains("Market", StringComparison.Ordinal);
}
