using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OrderGrains.Connectors.Shopify;
using OrderGrains.Console;
using OrderGrains.Ingress;
using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Console;

/// <summary>
/// The console on a real port, over fakes. One key for each role: its secret is <see cref="SecretOf"/>.
/// </summary>
internal sealed class ConsoleHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ConsoleHost(WebApplication app, FakeOrders orders, FakeStock stock, FakeGrains grains, string dataDirectory)
    {
        _app = app;
        Orders = orders;
        Stock = stock;
        Grains = grains;
        DataDirectory = dataDirectory;
        Address = new Uri(
            app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public static DateTimeOffset Now { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public Uri Address { get; }
    public string DataDirectory { get; }
    public FakeOrders Orders { get; }
    public FakeStock Stock { get; }
    public FakeGrains Grains { get; }
    public FakeInbox Inbox => _app.Services.GetRequiredService<FakeInbox>();
    public FakeSessions Sessions => (FakeSessions)_app.Services.GetRequiredService<ISessions>();
    public FakeTrail Trail => _app.Services.GetRequiredService<FakeTrail>();
    public IServiceProvider Services => _app.Services;
    public FakeOutbox Outbox => _app.Services.GetRequiredService<FakeOutbox>();
    public RecordingSubscriber Erp => _app.Services.GetRequiredService<RecordingSubscriber>();
    public LiveFeed Live => _app.Services.GetRequiredService<LiveFeed>();
    public FakeTimeProvider Time => (FakeTimeProvider)_app.Services.GetRequiredService<TimeProvider>();

    public static async Task<ConsoleHost> StartAsync(
        TimeProvider? time = null, int port = 0, Action<WebApplicationBuilder>? configure = null)
    {
        var dataDirectory = Directory.CreateTempSubdirectory("ordergrains-console-").FullName;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseSetting("urls", $"http://127.0.0.1:{port}");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(Settings(dataDirectory));
        FakeOrders orders = new();
        FakeStock stock = new();
        FakeGrains grains = new(orders, stock);
        builder.Services.AddSingleton(time ?? new FakeTimeProvider(Now))
            .AddSingleton<IOrderStore>(orders).AddSingleton<IStockStore>(stock)
            .AddSingleton(new OrderPolicies(
                new Dictionary<string, OrderPolicyOptions>(StringComparer.Ordinal),
                new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal),
                new Dictionary<string, IDictionary<string, int>>(StringComparer.Ordinal)))
            .AddSingleton<FakeInbox>().AddSingleton<IInbox>(services => services.GetRequiredService<FakeInbox>())
            .AddSingleton<IInboxWaker>(services => services.GetRequiredService<FakeInbox>())
            .AddSingleton<FakeOutbox>().AddSingleton<IOutbox>(services => services.GetRequiredService<FakeOutbox>())
            .AddSingleton<FakeTrail>().AddSingleton<ITrail>(services => services.GetRequiredService<FakeTrail>())
            .AddSingleton<ISessions>(new FakeSessions())
            .AddSingleton(FakeGrainFactory.Over(grains)).AddSingleton(new IngressOptions())
            .AddSingleton(new Sources(new Dictionary<string, Source>(StringComparer.Ordinal)
            {
                ["acme"] = new(
                    "acme", new ShopifySource("acme", new ShopifyOptions { Secrets = ["hush"] }), [],
                    TimeSpan.FromHours(1), "Shopify"),
            }))
            .AddSingleton<Erasure>()
            .AddSingleton(new RecordingSubscriber())
            .AddSingleton(s => new Destinations(new Dictionary<string, Destination>(StringComparer.Ordinal)
            {
                ["east-wms"] = new(new(), new(), new RecordingSubscriber()),
                ["erp"] = new(new(), new(), s.GetRequiredService<RecordingSubscriber>()),
            }))
            .AddSingleton(new Subscriptions(new Dictionary<string, Subscription>(StringComparer.Ordinal)
            {
                ["erp"] = new() { Events = { "order.shipped" } },
            }));
        configure?.Invoke(builder);
        builder.AddOperatorConsole();
        var built = builder.Build();
        built.MapOperatorConsole();
        await built.StartAsync();
        return new ConsoleHost(built, orders, stock, grains, dataDirectory);
    }

    public static string SecretOf(ApiRole role) => $"secret-of-the-{role.Word()}-key";

    /// <summary>A program with the role's key; nobody without one.</summary>
    public HttpClient Api(ApiRole? role)
    {
        var client = new HttpClient { BaseAddress = Address };
        if (role is { } known)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", SecretOf(known));
        return client;
    }

    public Browser Browse() => new(Address);

    public async Task<Browser> SignedInAsync(ApiRole role)
    {
        var browser = Browse();
        await browser.SignInAsync(SecretOf(role));
        return browser;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(DataDirectory, recursive: true);
    }

    private static Dictionary<string, string?> Settings(string dataDirectory)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["DataDirectory"] = dataDirectory,
            ["Sources:acme:Kind"] = "Shopify",
        };
        foreach (var role in Enum.GetValues<ApiRole>())
        {
            settings[$"Api:Keys:{(int)role}:Name"] = $"{role.Word()}-key";
            settings[$"Api:Keys:{(int)role}:Role"] = $"{role}";
            settings[$"Api:Keys:{(int)role}:Secret"] = SecretOf(role);
        }

        return settings;
    }
}
