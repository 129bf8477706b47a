using System.Text;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Mapping;
using OrderGrains.Tests.Connectors.Events;
using OrderGrains.Tests.Storage.Sqlite;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Mapping;

/// <summary>A mapping is checked whole before the first webhook comes.</summary>
public sealed class MappingFileTests
{
    [Fact]
    public void Every_mistake_is_named_with_its_place()
    {
        Assert.Equal(
            [
                "colour: there is no such thing; known here: format, namespaces, rules",
                "format: must be json or xml",
                "rules[0].type: must be one of order.placed, order.updated, order.cancelled, order.linesRefunded, or "
                    + "else there must be ignore",
                "rules[1].data.colour: there is no such thing; known here: orderId, number, placedAt, updatedAt, paid, "
                    + "held, currency, shippingMethod, shipTo, lines",
                "rules[1].data.placedAt.pattern: is no pattern of .NET, unix or unixMilliseconds",
                "rules[1].data.updatedAt.zone: there is no such time zone; an example is Europe/Berlin",
                "rules[1].data.number: must have either from or value",
                "rules[1].data.paid.zone: belongs to a time",
                "rules[1].data.lines.data.quantity: is missing",
                "rules[1].data.orderId: is missing",
                "rules[2]: has ignore, so it has neither type nor data",
                "rules[3].data.updatedAt.zone: is missing, and times of the pattern do not name theirs",
                "rules[4].when.$type: there are $topic and $receivedAt alone",
                "rules[4].when.a//b: has an empty name",
            ],
            Mistakes("""
                { "colour": 1, "format": "yaml", "rules": [
                  { "type": "order.made" },
                  { "type": "order.placed", "data": {
                    "placedAt": { "from": "a", "pattern": "%", "zone": "UTC" },
                    "updatedAt": { "from": "a", "zone": "Mars" },
                    "number": { "from": "a", "value": "b" }, "paid": { "from": "a", "zone": "UTC" }, "colour": "a",
                    "lines": { "each": "a", "data": { "lineId": "a" } } } },
                  { "ignore": "why", "type": "order.placed" },
                  { "type": "order.cancelled",
                    "data": { "orderId": "a", "updatedAt": { "from": "a", "pattern": "yyyy" } } },
                  { "ignore": "why", "when": { "$type": "a", "a//b": "*" } } ] }
                """), StringComparer.Ordinal);
        Assert.Equal(["rules: must be an array with at least one rule"], Mistakes("{}"), StringComparer.Ordinal);
        Assert.StartsWith("is not JSON: ", Assert.Single(Mistakes("{")), StringComparison.Ordinal);
        Assert.StartsWith(
            "has half of a surrogate pair", Assert.Single(Mistakes("""{"rules":[{"ignore":"\ud800"}]}""")),
            StringComparison.Ordinal);
        Assert.Equal(
            ["rules[0].when.n:a: 'n' is no prefix of namespaces", "rules[0].when.@a b: '@a b' is no name of XML"],
            Mistakes("""
                { "format": "xml",
                  "rules": [ { "ignore": "why", "when": { "n:a": null, "@a b": "*", "a/@b": 1 } } ] }
                """), StringComparer.Ordinal);
    }

    [Fact]
    public void A_topic_that_is_not_signed_cancels_nothing_by_itself()
    {
        const string rules = """
            { "rules": [ { "when": { "$topic": "gone"@ }, "type": "order.cancelled", "data": { "orderId": "id" } } ] }
            """;
        var byTopic = Encoding.UTF8.GetBytes(rules.Replace("@", "", StringComparison.Ordinal));
        var byBody = Encoding.UTF8.GetBytes(rules.Replace("@", ", \"gone\": \"*\"", StringComparison.Ordinal));
        var mistakes = new List<string>();

        Assert.NotNull(MappingFile.Parse(byBody, mistakes.Add, topicIsSigned: false));
        Assert.NotNull(MappingFile.Parse(byTopic, mistakes.Add, topicIsSigned: true));
        Assert.Empty(mistakes);
        Assert.Null(MappingFile.Parse(byTopic, mistakes.Add, topicIsSigned: false));
        Assert.StartsWith(
            "rules[0].when: needs a condition on the body", Assert.Single(mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_names_its_file_and_takes_the_media_type_that_it_means()
    {
        using var folder = new TempDirectory();
        Directory.CreateDirectory(folder.Path);
        var file = Path.Combine(folder.Path, "shop.json");
        File.WriteAllText(file, """
            { "format": "xml", "rules": [ { "when": { "$topic": "gone" }, "type": "order.cancelled",
                                             "data": { "orderId": "@id" } } ] }
            """);
        var source = Opened.Source($"""
            "Kind":"Hmac","Scheme":"Bearer","Secrets":["an-open-token"],"AllowUnsigned":true,"TopicHeader":"X-Topic",
            "Mapping":"{file}"
            """);
        var headers = new Microsoft.AspNetCore.Http.HeaderDictionary
        {
            ["Authorization"] = "Bearer an-open-token",
            ["Content-Type"] = "text/xml; charset=utf-8",
            ["X-Topic"] = "gone",
        };

        var cancelled = Opened.Understood(source.Accept(headers, "<order id='7'/>"));
        Assert.Equal(new OrderKey("shop", "7"), Assert.IsType<OrderCancelled>(cancelled.Change).Order);
        headers["Content-Type"] = "application/json";
        Assert.Equal(
            "Content-Type must be application/xml or text/xml",
            Deliveries.Rule(source.Verify(headers, "<order id='7'/>")));
    }

    [Fact]
    public void A_file_that_is_not_there_is_a_mistake_of_the_setting() => Assert.StartsWith(
        "Sources:shop:Mapping: the file 'nowhere.json' cannot be read: ",
        Assert.Single(Opened.Mistakes("""
            "Kind":"StandardWebhooks","Secrets":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],"Mapping":"nowhere.json"
            """)), StringComparison.Ordinal);

    [Fact]
    public void What_a_body_becomes_can_be_looked_at()
    {
        var view = ReadingView.Of(new Reading.Understood(
            new OrderCancelled(new OrderKey("shop", "7"), "gone"), "order.cancelled:1", "a note"));

        Assert.Equal(("understood", "OrderCancelled", "a note"), (view.Outcome, view.Is, view.Note));
        Assert.Equal("7", view.Change!.Value.GetProperty("order").GetProperty("orderId").GetString());
        Assert.Equal("unreadable", ReadingView.Of(new Reading.Unreadable("why")).Outcome);
    }

    private static List<string> Mistakes(string file)
    {
        var mistakes = new List<string>();
        Assert.Null(MappingFile.Parse(Encoding.UTF8.GetBytes(file), mistakes.Add));
        return mistakes;
    }
}
