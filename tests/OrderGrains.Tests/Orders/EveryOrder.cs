using OrderGrains.Orders;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Orders;

/// <summary>Whatever the order in which things come.</summary>
internal static class EveryOrder
{
    public static IEnumerable<T[]> Of<T>(T[] items) => items.Length == 0 ? [[]]
        : items.SelectMany((first, at) => Of<T>([.. items[..at], .. items[(at + 1)..]])
            .Select(rest => (T[])[first, .. rest]));

    /// <summary>
    /// An order's changes end the same in each order of their coming, and whichever comes once more at the end; the
    /// warehouse answers after each.
    /// </summary>
    public static void EndsAs(OrderChange[] life, OrderStatus status, int atWarehouse)
    {
        foreach (var permutation in Of(life))
        {
            for (var twice = 0; twice < life.Length; twice++)
            {
                var world = new OrderWorld();
                foreach (var change in permutation.Append(life[twice]))
                {
                    world.Apply(change);
                    world.AnswerAll();
                }

                Assert.Equal((status, atWarehouse), (world.Order.Status, world.AtWarehouse.Values.Sum()));
            }
        }
    }
}
