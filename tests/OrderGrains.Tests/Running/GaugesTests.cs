using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrderGrains.Ingress;
using OrderGrains.Outbound;
using OrderGrains.Telemetry;
using OrderGrains.Tests.Console;
using Xunit;

namespace OrderGrains.Tests.Running;

public sealed class GaugesTests
{
    [Fact]
    public async Task Counting_all_reservations_takes_at_most_a_hundredth_of_the_time()
    {
        var time = new FakeTimeProvider();
        var counted = 0;
        var stock = new FakeStock
        {
            Count = () =>
            {
                time.Advance(TimeSpan.FromSeconds(2));
                return (++counted, 0);
            },
        };
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var inbox = new FakeInbox();
        using var pump = new InboxPump(
            inbox, router: null!, fetches: null!, new IngressOptions(),
            new Sources(new Dictionary<string, Source>(StringComparer.Ordinal)), time, NullLogger<InboxPump>.Instance);
        using var gauges = new Gauges(
            inbox, new FakeOutbox(), stock, pump,
            new Destinations(new Dictionary<string, Destination>(StringComparer.Ordinal)),
            services.GetRequiredService<IMeterFactory>(), time, NullLogger<Gauges>.Instance);

        await gauges.ReadAsync();
        time.Advance(TimeSpan.FromSeconds(199));
        await gauges.ReadAsync();
        Assert.Equal(1, counted);

        time.Advance(TimeSpan.FromSeconds(1));
        await gauges.ReadAsync();
        Assert.Equal(2, counted);
    }
}
