using System.Collections.Concurrent;
using System.Net;
using OrderGrains.Tests.Connectors.Fuzz;
using OrderGrains.Tests.Running;
using Xunit;

namespace OrderGrains.Tests.Ingress;

/// <summary>
/// Whatever a sender who can sign writes, to the whole product: each is answered 200 and comes to its end at the first
/// try, and the books balance. The seed is that of <see cref="FuzzTests"/>. Only storefronts send here: a warehouse
/// that makes things up contradicts its own counts, and the audit says so.
/// </summary>
public sealed class FuzzedProductTests : IAsyncLifetime
{
    private const int CasesOfKind = 150;

    private static readonly string[] Kinds = ["Shopify", "StandardWebhooks"];

    private readonly RunningProduct _product = RunningProduct.With(
        ("Sources:own:Kind", "StandardWebhooks"), ("Sources:own:Secrets:0", RunningProduct.EventSecret),
        ("Sources:own:Locations:0", "east"));

    public ValueTask InitializeAsync() => _product.InitializeAsync();

    public ValueTask DisposeAsync() => _product.DisposeAsync();

    [Fact]
    public async Task Whatever_comes_is_answered_200_and_settled()
    {
        var (seed, from, count) = FuzzTests.Cases(CasesOfKind);
        var receipts = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        var kinds = Kinds.Select(kind => (kind, Fuzzed.All[kind]().Samples)).ToList();
        await Parallel.ForEachAsync(
            from kind in kinds from number in Enumerable.Range(@from, count) select (kind, number),
            new ParallelOptions
            {
                MaxDegreeOfParallelism = 8,
                CancellationToken = TestContext.Current.CancellationToken,
            },
            async (one, cancellation) =>
            {
                var draw = new Random(unchecked(seed * 1_000_003 + one.number));
                var sample = draw.Pick([.. one.kind.Samples]);
                var body = Mutation.Of(sample.Body, isXml: false, draw);
                var name = $"{one.kind.kind}: replay with ORDERGRAINS_FUZZ_SEED={seed}:{one.number}";
                using var request = one.kind.kind == "Shopify"
                    ? _product.ByShopify("acme", body, topic: sample.Headers[0].Value)
                    : _product.ByWarehouse(body, source: "own");
                using var answer = await _product.Http.SendAsync(request, cancellation);
                var text = await answer.Content.ReadAsStringAsync(cancellation);
                Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{name}: {answer.StatusCode} {text}");
                receipts[name] = System.Text.Json.JsonElement.Parse(text).GetProperty("receipt").GetString()!;
            });

        foreach (var (name, id) in receipts)
        {
            var receipt = await _product.SettledAsync(id);
            var reason = receipt.GetProperty("reason").GetString() ?? "";
            Assert.False(reason.StartsWith("could not be applied", StringComparison.Ordinal), $"{name}: {reason}");
        }

        var depth = await _product.Inbox.GetDepthAsync(TimeProvider.System.GetUtcNow());
        Assert.Equal(0, depth.Pending);
    }
}
