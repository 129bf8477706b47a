using OrderGrains.Connectors;
using OrderGrains.Orders;
using OrderGrains.Tests.Orders;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Events;

/// <summary>The events of one order, in every order of their coming and each of them twice, end the same.</summary>
public sealed class OrderPermutationTests
{
    private static readonly IWebhookSource Source =
        Opened.Source("\"Kind\":\"StandardWebhooks\",\"Secrets\":[\"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"]");

    private static readonly OrderChange Placed = Stated("order.placed", "10:00:00", 3);

    [Theory]
    [MemberData(nameof(Lives))]
    public void Every_permutation_and_duplication_of_a_life_ends_the_same(string name)
    {
        var (life, status, atWarehouse) = Life(name);
        EveryOrder.EndsAs(life, status, atWarehouse);
    }

    public static TheoryData<string> Lives =>
        ["changed", "refunded", "refunded and stated", "stated before the refund", "cancelled"];

    private static (OrderChange[] Life, OrderStatus Status, int AtWarehouse) Life(string name) => name switch
    {
        "changed" => (
            [Placed, Stated("order.updated", "10:00:00.250", 5), Stated("order.updated", "10:05:00", 4)],
            OrderStatus.Released, 4),
        "refunded" => ([Placed, Refunded("r-1", "10:05:00"), Refunded("r-2", "10:06:00")], OrderStatus.Released, 1),
        "refunded and stated" => (
            [Placed, Refunded("r-1", "10:05:00.750"), Stated("order.updated", "10:05:00.750", 2)],
            OrderStatus.Released, 2),
        "stated before the refund" => (
            [Placed, Stated("order.updated", "10:04:00", 4), Refunded("r-1", "10:05:00")], OrderStatus.Released, 3),
        _ => (
            [
                Placed, Stated("order.updated", "10:05:00", 4),
                Read("order.cancelled", """{"orderId":"1","updatedAt":"2026-08-01T10:06:00Z"}"""),
            ],
            OrderStatus.Cancelled, 0),
    };

    private static OrderChange Stated(string type, string time, int quantity) => Read(type, $$"""
        {"orderId":"1","number":"#1","placedAt":"2026-08-01T10:00:00Z","updatedAt":"2026-08-01T{{time}}Z",
         "lines":[{"lineId":"l-1","sku":"MUG","quantity":{{quantity}} }],
         "shipTo":{"name":"Ada Marsh","address1":"12 Willow Street","city":"Portland","postalCode":"97201",
                   "countryCode":"US"} }
        """);

    private static OrderChange Refunded(string id, string time) => Read("order.linesRefunded", $$"""
        {"orderId":"1","refundId":"{{id}}","updatedAt":"2026-08-01T{{time}}Z",
         "lines":[{"lineId":"l-1","quantity":1,"restock":true}]}
        """);

    private static OrderChange Read(string type, string data) => (OrderChange)Opened.Understood(
        Source.Read(Deliveries.Receipt("", OrderSample.Event(type, data)))).Change;
}
