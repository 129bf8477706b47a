using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Warehouses.ShipStation;
using OrderGrains.Ingress;
using OrderGrains.Sandbox.Warehouses.ShipStation;
using OrderGrains.Tests.Connectors;
using OrderGrains.Tests.Running;
using OrderGrains.Tests.Silos;
using OrderGrains.Wire;
using Xunit;

namespace OrderGrains.Tests.Ingress;

/// <summary>When the keys of a sender are fetched.</summary>
public sealed class KeyAgentTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(Deliveries.Now);
    private readonly LogLines _log = new();
    private readonly HttpClient _http = new();
    private readonly GuardedHttp _guarded = new();
    private readonly ShipStationServer _server = new("a-key-of-a-test", TimeProvider.System);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _server.StartAsync(Cancelled);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
        _guarded.Dispose();
    }

    [Fact]
    public async Task They_are_there_soon_after_the_start_and_a_new_one_soon_after_somebody_names_it()
    {
        var source = Source(_server.KeysUrl);
        using var agent = await StartAsync(source);
        await Eventually.TrueAsync(() => source.Keys.Count == 1);
        Assert.Equal(1, _server.KeyCalls);
        _server.Rotate();

        await AdvancingUntil(() => source.Keys.Find("key-2") is not null, TimeSpan.FromSeconds(1));

        Assert.InRange(_time.GetUtcNow() - Deliveries.Now, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        Assert.NotNull(source.Keys.Find("key-1"));
        await agent.StopAsync(Cancelled);
    }

    /// <summary>Anybody can name a key.</summary>
    [Fact]
    public async Task Whoever_names_keys_that_nobody_has_makes_us_ask_once_a_minute_at_most()
    {
        var source = Source(_server.KeysUrl);
        using var agent = await StartAsync(source);
        await Eventually.TrueAsync(() => source.Keys.Count == 1);

        await AdvancingUntil(() =>
        {
            for (var stranger = 0; stranger < 100; stranger++)
                source.Keys.Find($"stranger-{stranger}");
            return _server.KeyCalls >= 4;
        }, TimeSpan.FromSeconds(1));

        Assert.InRange(_time.GetUtcNow() - Deliveries.Now, TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(30));
        await agent.StopAsync(Cancelled);
    }

    [Fact]
    public async Task Without_being_asked_for_they_are_fetched_once_an_hour()
    {
        var source = Source(_server.KeysUrl);
        using var agent = await StartAsync(source);
        await Eventually.TrueAsync(() => source.Keys.Count == 1);

        await AdvancingUntil(() => _server.KeyCalls == 2, TimeSpan.FromMinutes(1));

        Assert.InRange(_time.GetUtcNow() - Deliveries.Now, TimeSpan.FromHours(1), TimeSpan.FromHours(3));
        await agent.StopAsync(Cancelled);
    }

    [Fact]
    public async Task A_host_that_does_not_answer_is_said_once_and_asked_again()
    {
        await using var peer = new LoopbackPeer(LoopbackPeer.Saying(LoopbackPeer.Response(404)));
        using var agent = await StartAsync(Source(new Uri($"http://127.0.0.1:{peer.Port}/jwks")));

        // The clock stands still until the first call is over, or its time would be.
        await Eventually.TrueAsync(() => _log.All.Count > 0);
        await AdvancingUntil(() => peer.Calls.Count >= 3, TimeSpan.FromSeconds(10));

        Assert.StartsWith(
            "The keys of ss could not be fetched from 127.0.0.1 (127.0.0.1: 404", Assert.Single(_log.All),
            StringComparison.Ordinal);
        await agent.StopAsync(Cancelled);
    }

    private static ShipStationSource Source(Uri keysUrl) => new(
        new ShipStationSourceOptions { ApiKey = "a-key-of-a-test", Warehouse = "ss", KeysUrl = keysUrl },
        [System.Net.IPNetwork.Parse("127.0.0.0/8")], ["acme"]);

    private async Task<KeyAgent> StartAsync(ShipStationSource source)
    {
        using var logs = LoggerFactory.Create(builder => builder.AddProvider(_log));
        var agent = new KeyAgent(
            new Sources(new Dictionary<string, Source>(StringComparer.Ordinal) { ["ss"] = new("ss", source, []) }),
            new CallTools(_http, _time, _guarded), _time, logs.CreateLogger<KeyAgent>());
        await agent.StartAsync(Cancelled);
        return agent;
    }

    private Task AdvancingUntil(Func<bool> condition, TimeSpan step) => Eventually.TrueAsync(() =>
    {
        _time.Advance(step);
        return condition();
    });
}
