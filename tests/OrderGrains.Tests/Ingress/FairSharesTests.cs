using CsCheck;
using OrderGrains.Ingress;
using Xunit;

namespace OrderGrains.Tests.Ingress;

public sealed class FairSharesTests
{
    private static readonly string[] Three = ["one", "two", "three"];
    private static readonly string[] Two = ["heavy", "light"];

    [Fact]
    public void One_source_alone_has_half_and_each_that_comes_besides_half_of_the_rest()
    {
        var shares = new FairShares(800);

        Assert.Equal([400, 200, 100], Three.Select(source => Fill(shares, source)));
    }

    [Fact]
    public void A_weight_makes_the_share_larger()
    {
        var shares = new FairShares(800, source => source == "heavy" ? 3 : 1);

        Assert.Equal([600, 100], Two.Select(source => Fill(shares, source)));
    }

    [Fact]
    public void The_first_of_a_source_is_taken_wherever_there_is_room_however_large_it_is()
    {
        var shares = new FairShares(10);
        Assert.True(shares.TryTake("one", 9));
        Assert.False(shares.TryTake("one"));
        Assert.True(shares.TryTake("two"));
        Assert.False(shares.TryTake("three"));
        shares.Return("one", 9);
        Assert.Equal(9, shares.Free);
    }

    [Fact]
    public void As_much_as_the_share_allows_is_what_oneByOne_would_have_taken()
    {
        foreach (var before in Enumerable.Range(0, 50))
        {
            var (atOnce, oneByOne) = (new FairShares(100), new FairShares(100));
            atOnce.Take("other", before);
            oneByOne.Take("other", before);

            Assert.Equal(Fill(oneByOne, "mine"), atOnce.TakeUpTo("mine", 100));
            Assert.Equal(0, atOnce.TakeUpTo("mine", 100));
        }
    }

    [Fact]
    public void A_source_is_busy_from_half_of_its_share_on()
    {
        var shares = new FairShares(100);
        shares.Take("one", 33);
        Assert.False(shares.IsBusy("one"));
        shares.Take("one");
        Assert.True(shares.IsBusy("one"));
        Assert.Equal(["one"], shares.Busy);
    }

    [Fact]
    public void Whatever_is_taken_and_returned_no_more_is_out_than_there_is_and_all_of_it_comes_back() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[1, 30], Gen.Bool).Array[1, 200].Sample(steps =>
        {
            var (shares, mine) = (new FairShares(100), new int[4]);
            foreach (var (who, amount, takes) in steps)
            {
                if (takes && shares.TryTake($"{who}", amount))
                {
                    mine[who] += amount;
                }
                else if (!takes && mine[who] > 0)
                {
                    var returned = Math.Min(amount, mine[who]);
                    shares.Return($"{who}", returned);
                    mine[who] -= returned;
                }

                Assert.Equal(mine.Sum(), shares.Taken);
                Assert.InRange(shares.Taken, 0, 100);
            }
        });

    private static int Fill(FairShares shares, string source)
    {
        var taken = 0;
        while (shares.TryTake(source))
            taken++;
        return taken;
    }
}
