using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrderGrains.Chaos;
using OrderGrains.Tests.Running;
using Xunit;

namespace OrderGrains.Tests.Process;

/// <summary>One trace from the webhook to the warehouse, across the inbox, the grains and the outbox.</summary>
public sealed class TraceTests
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Fact]
    public async Task The_webhook_the_receipt_and_the_call_at_the_warehouse_share_one_trace()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var spans = new ConcurrentQueue<(string Name, string TraceId)>();
        using var listener = new ActivityListener
        {
            // As TelemetryServices has it: web server and Orleans
            // make no span, and pass none on, that nobody listens to.
            ShouldListenTo = source =>
                source.Name is "OrderGrains" or "Microsoft.AspNetCore" or "Microsoft.Orleans.Application",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => spans.Enqueue((span.OperationName, span.TraceId.ToHexString())),
        };
        ActivitySource.AddActivityListener(listener);
        var called = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var wms = await ListenAsync(called, cancellation);
        var product = RunningProduct.With(
            // Nobody listens there: what matters is that a collector is configured.
            $"http://127.0.0.1:{LoopbackPort.Free()}",
            ("Warehouses:east-wms:BaseUrl", wms.Urls.First()), ("Outbound:DelayMin", "00:00:00.050"));
        await product.InitializeAsync();
        try
        {
            var body = await File.ReadAllBytesAsync(
                Path.Combine(AppContext.BaseDirectory, "Connectors", "Samples", "order-450789469.json"), cancellation);
            var request = product.ByShopify("acme", body);
            request.Headers.Add("traceparent", $"00-{TraceId}-00f067aa0ba902b7-01");
            await product.AcceptedAsync(request);

            var order = "";
            await RunningProduct.EventuallyAsync(
                async token =>
                {
                    order = (await product.FindAsync("/api/v1/orders/acme/450789469", token)).ToString();
                    return called.Task.IsCompleted;
                },
                () => $"the warehouse is not called: {order}");
            var header = await called.Task;

            Assert.True(TraceId == header.Split('-').ElementAtOrDefault(1), $"{header} in {string.Join(", ", spans)}");
            await RunningProduct.EventuallyAsync(_ => Task.FromResult(
                spans.Contains(("Microsoft.AspNetCore.Hosting.HttpRequestIn", TraceId))
                && spans.Contains(("receipt", TraceId)) && spans.Contains(("Release east-wms", TraceId))),
                () => string.Join(", ", spans));
        }
        finally
        {
            await product.DisposeAsync();
        }
    }

    /// <summary>
    /// A warehouse that is busy at first, and keeps the trace context of the order that it takes: by then the call
    /// comes from a retry, which only the outbox can tell where it belongs.
    /// </summary>
    private static async Task<WebApplication> ListenAsync(
        TaskCompletionSource<string> called, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        var wms = builder.Build();
        var calls = 0;
        wms.MapPut("/orders/{reference}", (HttpContext context) =>
        {
            if (Interlocked.Increment(ref calls) == 1)
                return Results.StatusCode(503);
            called.TrySetResult(context.Request.Headers.TraceParent.ToString());
            return Results.Json(new { warehouseOrderId = "W1" }, statusCode: 201);
        });
        wms.MapGet("/orders/{reference}", () => Results.NotFound());
        await wms.StartAsync(cancellation);
        return wms;
    }
}
