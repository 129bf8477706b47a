namespace OrderGrains;

/// <summary>
/// A gateway's line to the silos: an agent. It connects aside, so that webhooks are taken while no silo is there.
/// </summary>
internal sealed partial class ClusterConnection(IServiceProvider services, ILogger<ClusterConnection> log)
    : Agent, IClusterConnectionStatusObserver
{
    private volatile bool _started;
    private int _gateways;

    /// <summary>Whether a silo can be asked now.</summary>
    public bool IsConnected => _started && Volatile.Read(ref _gateways) > 0;

    /// <summary>The counts may come out of order: their differences add up all the same.</summary>
    public void NotifyGatewayCountChanged(
        int currentNumberOfGateways, int previousNumberOfGateways, bool connectionRecovered) =>
        Interlocked.Add(ref _gateways, currentNumberOfGateways - previousNumberOfGateways);

    public void NotifyClusterConnectionLost() => Lost();

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_started)
            await Client().StopAsync(cancellationToken);
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        await Client().StartAsync(stopping);
        _started = true;
        Connected();
    }

    /// <summary>Orleans' client starts and stops as a hosted service. Asked for late: it asks for this agent.</summary>
    private IHostedService Client() => (IHostedService)services.GetRequiredService<IClusterClient>();

    [LoggerMessage(1, LogLevel.Information, "Connected to the silos", EventName = "cluster.connected")]
    private partial void Connected();

    [LoggerMessage(2, LogLevel.Warning, "No silo can be reached; webhooks are still taken",
        EventName = "cluster.lost")]
    private partial void Lost();
}
