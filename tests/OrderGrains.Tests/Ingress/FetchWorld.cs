using System.Globalization;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Events;
using OrderGrains.Connectors.Fetching;
using OrderGrains.Connectors.Proofs;
using OrderGrains.Ingress;
using OrderGrains.Tests.Connectors;
using OrderGrains.Tests.Connectors.Events;
using OrderGrains.Tests.Orders;
using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Ingress;

/// <summary>
/// A silo with its pump, shops that send no more than where an order is, and a host that has the orders.
/// </summary>
internal sealed class FetchWorld : IAsyncDisposable
{
    /// <summary>Room for bodies, most of which are short.</summary>
    public const int BodiesBytesMax = 34_000_000;

    /// <summary>What the next calls of the host are answered, one after the other; the last for ever.</summary>
    private readonly List<Func<Stream, CancellationToken, Task>> _answers = [];

    private int _calls;

    private FetchWorld()
    {
        Host = new LoopbackPeer((stream, cancelled) => _answers[Math.Min(
            Interlocked.Increment(ref _calls), _answers.Count) - 1](stream, cancelled));
        Slow = new LoopbackPeer(async (stream, cancelled) =>
        {
            await SlowAnswers.Task.WaitAsync(cancelled);
            await LoopbackPeer.Saying(LoopbackPeer.Response(404))(stream, cancelled);
        });
        Setup.Shops["shop"] = Shop("shop", $"http://localhost:{Host.Port}", """, "Secret": "let-us-in" """);
        Setup.Shops["slow"] = Shop("slow", $"http://localhost:{Slow.Port}", """, "CallsAtOnceMax": 2 """);
    }

    public LoopbackPeer Host { get; }

    /// <summary>Takes calls, and has no order.</summary>
    public LoopbackPeer Slow { get; }

    /// <summary>Until it ends, the slow one does not even say that.</summary>
    public TaskCompletionSource SlowAnswers { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SiloWorld Silo { get; private set; } = null!;

    private SiloSetup Setup { get; } = new()
    {
        Agents = true,
        Ingress = new IngressOptions { HeldMax = 8, AppliedAtOnceMax = 4, BodiesBytesMax = BodiesBytesMax },
    };

    public static async Task<FetchWorld> StartAsync()
    {
        var world = new FetchWorld();
        world.Silo = await SiloWorld.StartAsync(world.Setup);
        return world;
    }

    public async ValueTask DisposeAsync()
    {
        await Silo.DisposeAsync();
        await Host.DisposeAsync();
        await Slow.DisposeAsync();
    }

    /// <summary>What the host says to the calls that follow.</summary>
    public void Answers(params IEnumerable<string> responses)
    {
        (_calls, _) = (0, _answers.RemoveAll(_ => true));
        _answers.AddRange(responses.Select(LoopbackPeer.Saying));
    }

    /// <summary>The whole order, as of a second after noon.</summary>
    public static string Whole(string orderId, string sku, int units, int second = 1) => $$$"""
        {"orderId":"{{{orderId}}}","number":"#{{{orderId}}}",
         "placedAt":"{{{Time(0)}}}","updatedAt":"{{{Time(second)}}}",
         "lines":[{"lineId":"1","sku":"{{{sku}}}","quantity":{{{units}}}}],
         "shipTo":{"name":"Ada Marsh","address1":"12 Willow Street","city":"Portland","postalCode":"97201",
                   "countryCode":"US"}}
        """;

    /// <summary>An event that says no more than where the order is.</summary>
    public string Event(string orderId, int second = 1, string? url = null) =>
        OrderSample.Event("order.updated", $$"""
            {"orderId":"{{orderId}}","updatedAt":"{{Time(second)}}",
             "resourceUrl":"{{url ?? $"http://localhost:{Host.Port}/orders/{orderId}"}}"}
            """);

    /// <summary>An event whose order the slow host would have.</summary>
    /// <param name="orderId">The order.</param>
    /// <param name="blanks">How much longer it is than it has to be.</param>
    public string SlowEvent(string orderId, int blanks = 0) =>
        Event(orderId, url: $"http://localhost:{Slow.Port}/orders/{orderId}") + new string(' ', blanks);

    public async Task<ReceiptRow> SettledAsync(Guid receipt)
    {
        await Eventually.TrueAsync(async () =>
            (await Silo.Inbox.FindAsync(receipt))?.Outcome is not ReceiptOutcome.Pending);
        return (await Silo.Inbox.FindAsync(receipt))!;
    }

    public static FetchRules Rules(string host, string more = "", string networks = "\"127.0.0.0/8\", \"::1/128\"") =>
        Assert.IsType<FetchRules>(Opened.Source($$"""
            "Kind": "StandardWebhooks", "Secrets": ["whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"],
            "Fetch": { "Hosts": ["{{host}}"], "AllowedNetworks": [{{networks}}]{{more}} }
            """).Fetch);

    private static EventSource Shop(string name, string host, string more) => new(
        name, new Anyone(), fetch: Rules(host, more));

    private static string Time(int second) => OrderWorld.Noon.AddSeconds(second).UtcDateTime.ToString(
        "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Lets everybody send.</summary>
    private sealed class Anyone : IProof
    {
        public Verification Verify(WebhookRequest request, DateTimeOffset now) => new Verification.Authentic("", null);

        public string? Sign(TestCall call) => null;
    }
}
