using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace OrderGrains;

/// <summary>Says, once all has started, where this process is found, whom it serves, and what is odd.</summary>
/// <param name="server">Where it listens.</param>
/// <param name="options">Whom it serves.</param>
/// <param name="oddities">Sentences.</param>
/// <param name="lifetime">Says when all has started.</param>
/// <param name="log">Where it says so.</param>
internal sealed partial class StartNews(
    IServer server, OrderGrainsOptions options, IReadOnlyList<string> oddities, IHostApplicationLifetime lifetime,
    ILogger<StartNews> log)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(Say);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Say()
    {
        foreach (var oddity in oddities) Odd(oddity);
        Serving(
            server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "none",
            Names(options.Sources.Select(source => $"{source.Key} ({source.Value.Kind})")),
            Names(options.Warehouses.Keys), options.Subscribers.Count);
    }

    private static string Names(IEnumerable<string> names) =>
        string.Join(", ", names.Order(StringComparer.Ordinal)) is { Length: > 0 } all ? all : "none";

    [LoggerMessage(1, LogLevel.Information,
        "The console is at {Address}; sources: {Sources}; warehouses: {Warehouses}; subscribers: {Count}",
        EventName = "process.started")]
    private partial void Serving(string address, string sources, string warehouses, int count);

    [LoggerMessage(2, LogLevel.Warning, "Odd configuration: {Oddity}", EventName = "configuration.odd")]
    private partial void Odd(string oddity);
}
