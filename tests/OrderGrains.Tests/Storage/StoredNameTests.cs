using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Storage;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Storage;

public sealed class StoredNameTests
{
    [Fact]
    public void A_name_is_lower_camel_and_reads_back()
    {
        Assert.Equal("partiallyShipped", StoredName.Of(OrderStatus.PartiallyShipped));
        Assert.Equal(OrderStatus.PartiallyShipped, StoredName.Parse<OrderStatus>("partiallyShipped"));
        Assert.Equal("pending", StoredName.Of(ReceiptOutcome.Pending));
    }

    [Fact]
    public void An_unknown_name_is_a_storage_failure() =>
        Assert.Throws<StorageException>(() => StoredName.Parse<MessageState>("Due"));

    [Fact]
    public void Times_keep_microseconds()
    {
        var time = new DateTimeOffset(2026, 11, 23, 12, 0, 0, 123, 456, TimeSpan.FromHours(2));

        Assert.Equal(time, StoredTime.Parse(StoredTime.Of(time)));
        Assert.Equal(TimeSpan.Zero, StoredTime.Parse(StoredTime.Of(time)).Offset);
    }
}
