using System.Net;
using Microsoft.Extensions.Time.Testing;
using OrderGrains.Ingress;
using Xunit;

namespace OrderGrains.Tests.Ingress;

public sealed class StrangerLimitTests
{
    private static readonly IPAddress One = IPAddress.Parse("192.0.2.1");

    private readonly FakeTimeProvider _time = new();
    private readonly StrangerLimit _limit;

    public StrangerLimitTests() => _limit = new StrangerLimit(_time);

    [Fact]
    public void An_address_that_failed_too_often_waits_and_then_may_try_a_few_times_a_second()
    {
        Fail(One, "acme", StrangerLimit.FailuresAtOnceMax - 1);
        Assert.Equal(TimeSpan.Zero, _limit.WaitOf(One, "acme"));

        Fail(One, "acme", 1);

        Assert.Equal(TimeSpan.FromSeconds(0.5), _limit.WaitOf(One, "acme"));
        _time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(TimeSpan.Zero, _limit.WaitOf(One, "acme"));
        Fail(One, "acme", 1);
        Assert.NotEqual(TimeSpan.Zero, _limit.WaitOf(One, "acme"));
    }

    [Fact]
    public void Neither_other_addresses_nor_other_sources_wait_with_it()
    {
        Fail(One, "acme", 200);

        Assert.Equal(TimeSpan.Zero, _limit.WaitOf(IPAddress.Parse("192.0.2.2"), "acme"));
        Assert.Equal(TimeSpan.Zero, _limit.WaitOf(One, "other"));
        Assert.Equal(TimeSpan.Zero, _limit.WaitOf(One, ""));
    }

    [Fact]
    public void After_one_good_signature_nobody_at_that_address_can_shut_the_source_out()
    {
        Fail(One, "acme", 200);
        Assert.False(_limit.HasPassed(One, "acme"));
        _limit.Passed(One, "acme");

        Fail(One, "acme", 200);

        Assert.Equal(TimeSpan.Zero, _limit.WaitOf(One, "acme"));
        Assert.True(_limit.HasPassed(One, "acme"));
        Assert.False(_limit.HasPassed(One, "other"));
    }

    [Fact]
    public void All_addresses_of_one_network_of_IPv6_are_one_and_a_mapped_one_is_the_one_of_IPv4()
    {
        Fail(IPAddress.Parse("2001:db8::1"), "acme", 200);
        Assert.NotEqual(TimeSpan.Zero, _limit.WaitOf(IPAddress.Parse("2001:db8::ffff:2"), "acme"));
        Assert.Equal(TimeSpan.Zero, _limit.WaitOf(IPAddress.Parse("2001:db8:0:1::1"), "acme"));

        Fail(One.MapToIPv6(), "acme", 200);
        Assert.NotEqual(TimeSpan.Zero, _limit.WaitOf(One, "acme"));
    }

    [Fact]
    public void No_more_addresses_are_remembered_than_may_be()
    {
        var bytes = new byte[4];
        for (var at = 0; at <= StrangerLimit.AddressesMax; at++)
        {
            BitConverter.TryWriteBytes(bytes, at + 1);
            Fail(new IPAddress(bytes), "acme", 1);
        }

        Assert.InRange(_limit.Addresses, 1, StrangerLimit.AddressesMax);
        Fail(One, "acme", 200);
        Assert.NotEqual(TimeSpan.Zero, _limit.WaitOf(One, "acme"));
    }

    private void Fail(IPAddress address, string source, int times)
    {
        for (var at = 0; at < times; at++)
            _limit.Failed(address, source);
    }
}
