using System.Net;
using OrderGrains.Sandbox.Warehouses;
using Xunit;

namespace OrderGrains.Tests.Process;

public sealed class ProcessTests(ProcessRun run) : IClassFixture<ProcessRun>
{
    [Fact]
    public void Orders_flow_to_their_shipment()
    {
        Assert.All(run.Orders, order => Assert.Equal("shipped", order.View?.Status));
        Assert.All(run.Taken, taken => Assert.Equal((1, WarehouseStatus.Shipped), (taken.Made, taken.Status)));
        Assert.Equal(run.Orders.Count, run.Taken.Count);
        Assert.Empty(run.Complaints);
    }

    [Fact]
    public void SIGTERM_ends_it_within_30_seconds_with_code_0()
    {
        Assert.Equal(0, run.ExitCode);
        Assert.InRange(run.StopTook, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void What_was_pending_at_SIGTERM_is_finished_by_the_next_start()
    {
        Assert.True(run.UnfinishedAtStop > 0, "the stop interrupted nothing: this run proves nothing");
        Assert.True(run.Audit is { Balanced: true, IsQuiet: true }, run.Audit.ToString());
        Assert.Equal(1, run.Audit.Receipts.Parked);
    }

    [Fact]
    public void A_second_process_on_the_same_directory_is_refused_with_code_1_and_a_sentence()
    {
        Assert.Equal(1, run.Second.ExitCode);
        Assert.Contains(run.Second.Output.Split('\n'), line =>
            line.StartsWith("The data directory '", StringComparison.Ordinal)
            && line.Contains("is another OrderGrains process using it?", StringComparison.Ordinal));
    }

    [Fact]
    public void Health_says_live_and_ready() => Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), run.Health);

    [Theory]
    [InlineData("ordergrains_ingress_receipts", "outcome=\"Applied\"")]
    [InlineData("ordergrains_ingress_receipts", "outcome=\"Duplicate\"")]
    [InlineData("ordergrains_ingress_receipts", "outcome=\"Parked\"")]
    [InlineData("ordergrains_ingress_acknowledgement_duration_seconds_bucket", "status=\"200\"")]
    [InlineData("ordergrains_ingress_acknowledgement_duration_seconds_bucket", "status=\"401\"")]
    [InlineData("ordergrains_orders_effect_duration_seconds_count", "source=\"acme\"")]
    [InlineData("ordergrains_orders_release_duration_seconds_count", "source=\"acme\"")]
    [InlineData("ordergrains_orders_shipment_duration_seconds_count", "source=\"acme\"")]
    [InlineData("ordergrains_outbound_call_duration_seconds_count", "destination=\"east-wms\"")]
    [InlineData("ordergrains_destination_open", "destination=\"east-wms\"")]
    [InlineData("ordergrains_inbox_pending", "")]
    [InlineData("ordergrains_inbox_held", "")]
    [InlineData("ordergrains_inbox_gives_way", "")]
    [InlineData("ordergrains_outbox_due", "destination=\"east-wms\"")]
    [InlineData("ordergrains_parked", "kind=\"message\"")]
    [InlineData("ordergrains_reservations", "state=\"open\"")]
    [InlineData("ordergrains_reservations", "state=\"waiting\"")]
    [InlineData("orleans_", "")]
    [InlineData("http_server_request_duration_seconds_count", "")]
    public void Metrics_hold_what_an_operator_watches(string name, string label) => Assert.Contains(
        run.Metrics.Split('\n'), line => line.StartsWith(name, StringComparison.Ordinal)
            && line.Contains(label, StringComparison.Ordinal));

    [Fact]
    public void No_log_line_holds_a_buyer_or_a_secret()
    {
        Assert.True(run.Log.Count > 200, $"only {run.Log.Count} lines: this run proves nothing");
        var buyers = run.Orders.Select(order => order.Order.Buyer).Distinct().ToList();
        var forbidden = buyers
            .SelectMany(buyer => (string[])[buyer.LastName, buyer.Email, buyer.Address1, "555-01", "55501"])
            .Concat(ProcessRun.Secrets).Distinct(StringComparer.Ordinal).ToList();
        Assert.Contains(forbidden, word => word.EndsWith("@example.com", StringComparison.Ordinal));

        foreach (var word in forbidden)
            Assert.DoesNotContain(run.Log, line => line.Contains(word, StringComparison.OrdinalIgnoreCase));
    }
}
