using OrderGrains.Chaos.Judging;
using Xunit;
using static OrderGrains.Tests.Chaos.JudgedRun;

namespace OrderGrains.Tests.Chaos;

/// <summary>What the judge says of parcels that are, or are not, in the shop.</summary>
public sealed class ParcelModelTests
{
    private readonly JudgedRun _run = Shipped();

    [Fact]
    public void Each_parcel_in_the_shop_once_is_well()
    {
        _run.Recorded = [Parcel("T1", 3, 0), Parcel("T2", 0, 1)];
        Assert.Empty(_run.Judge());
    }

    [Fact]
    public void One_that_is_not_there_is_found()
    {
        _run.Recorded = [Parcel("T1", 3, 0)];
        Assert.Equal("parcel lost", Assert.Single(_run.Judge()).Kind);
    }

    [Fact]
    public void Units_that_an_edit_took_off_and_put_back_are_missed_too()
    {
        _run.Orders[0] = _run.Orders[0] with { Lines = [new LineFact(Line1, "S1", 3, 3, 4), Order().Lines[1]] };
        _run.Recorded = [Parcel("T1", 2, 1)];
        Assert.Equal("parcel lost", Assert.Single(_run.Judge()).Kind);
    }

    [Fact]
    public void One_that_is_there_twice_is_found()
    {
        _run.Recorded = [Parcel("T1", 1, 0), Parcel("T1", 1, 0), Parcel("T2", 1, 1)];
        Assert.Equal("recorded twice", Assert.Single(_run.Judge()).Kind);
    }

    [Fact]
    public void Units_that_were_recorded_later_are_no_second_time()
    {
        _run.Recorded = [Parcel("T1", 2, 0), Parcel("T1", 1, 1)];
        Assert.Empty(_run.Judge());
    }

    [Fact]
    public void More_than_has_left_is_found()
    {
        _run.Recorded = [Parcel("T1", 4, 1)];
        Assert.Equal("recorded too much", Assert.Single(_run.Judge()).Kind);
    }

    private static JudgedRun Shipped()
    {
        var run = Well();
        run.Ships();
        run.Rows[0] = new OrderRow(Key, "shipped");
        return run;
    }

    private static Recorded Parcel(string number, int units1, int units7) => new(
        OrderId, number,
        new Dictionary<string, int>(StringComparer.Ordinal) { [Line1] = units1, [Line7] = units7 });
}
