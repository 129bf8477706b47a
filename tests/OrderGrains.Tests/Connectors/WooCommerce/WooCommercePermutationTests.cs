using OrderGrains.Orders;
using OrderGrains.Tests.Orders;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.WooCommerce;

/// <summary>The events of one order, in every order of their coming and each of them twice, end the same.</summary>
public sealed class WooCommercePermutationTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 16, 2, 44, TimeSpan.Zero);

    private static readonly OrderChange Created = Of("order.created", 1, WooCommerceSample.Order);
    private static readonly OrderChange OnHold =
        Of("order.updated", 2, WooCommerceSample.Body("order.updated-on-hold"));

    private static readonly OrderChange Cancelled =
        Of("order.updated", 4, WooCommerceSample.Body("order.updated-cancelled"));

    private static readonly OrderChange Deleted = Of("order.deleted", 6, WooCommerceSample.Body("order.deleted"));
    private static readonly OrderChange Restored = Of("order.restored", 9, Modified(8, "processing"));

    /// <summary>The shop says it twice when it restores, and in either order.</summary>
    private static readonly OrderChange UpdatedToo = Of("order.updated", 9, Modified(8, "processing"));

    private static readonly OrderChange DeletedAgain =
        Of("order.deleted", 20, WooCommerceSample.Body("order.deleted"));

    public static TheoryData<string> Lives => ["recorded", "restored", "deleted again", "one second", "completed"];

    [Theory]
    [MemberData(nameof(Lives))]
    public void Every_permutation_and_duplication_of_a_life_ends_the_same(string name)
    {
        var (life, status, atWarehouse) = Life(name);
        EveryOrder.EndsAs(life, status, atWarehouse);
    }

    private static (OrderChange[] Life, OrderStatus Status, int AtWarehouse) Life(string name) => name switch
    {
        "recorded" => ([Created, OnHold, Cancelled, Deleted], OrderStatus.Cancelled, 0),
        "restored" => ([Created, Cancelled, Deleted, Restored, UpdatedToo], OrderStatus.Released, 3),
        "deleted again" => ([Created, Deleted, Restored, UpdatedToo, DeletedAgain], OrderStatus.Cancelled, 0),
        // Told apart by when they came, since each is made when it is sent.
        "one second" => (
            [
                Of("order.created", 1, Modified(0, "pending")), Of("order.updated", 2, Modified(0, "completed")),
                Of("order.updated", 3, Modified(0, "processing")),
            ], OrderStatus.Released, 3),
        _ => ([Created, OnHold, Of("order.updated", 9, Modified(8, "completed"))], OrderStatus.Shipped, 0),
    };

    /// <summary>The order as the shop changed it so many seconds after its placement.</summary>
    private static byte[] Modified(int second, string status) => WooCommerceSample.With(
        ("status", $"\"{status}\""), ("date_modified_gmt", $"\"{Noon.AddSeconds(second):yyyy-MM-ddTHH:mm:ss}\""));

    private static OrderChange Of(string topic, int second, byte[] body) => (OrderChange)Assert.IsType<
        Reading.Understood>(WooCommerceSample.Read(topic, body, at: Noon.AddSeconds(second))).Change;
}
