namespace OrderGrains;

/// <summary>Says who this silo is, and who comes and goes: an agent that waits for Orleans to tell it.</summary>
internal sealed partial class ClusterNews(
    ISiloStatusOracle silos, ILocalSiloDetails self, OrderGrainsOptions options, ILogger<ClusterNews> log)
    : IHostedService, ISiloStatusListener
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Started(
            CommandLine.Version, self.SiloAddress.Endpoint.ToString(), options.Cluster.ClusterId,
            options.Storage.Kind.ToString(), Environment.ProcessId);
        silos.SubscribeToSiloStatusEvents(this);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        silos.UnSubscribeFromSiloStatusEvents(this);
        return Task.CompletedTask;
    }

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (updatedSilo.Equals(self.SiloAddress))
            return;
        var left = silos.GetApproximateSiloStatuses(onlyActive: true).Count;
        if (status == SiloStatus.Dead)
            Left(updatedSilo.Endpoint.ToString(), left);
        else if (status == SiloStatus.Active)
            Joined(updatedSilo.Endpoint.ToString(), left);
    }

    [LoggerMessage(1, LogLevel.Information,
        "OrderGrains {Version} is silo {Silo} of cluster {Cluster}, on {Storage}, process {Process}",
        EventName = "cluster.started")]
    private partial void Started(string version, string silo, string cluster, string storage, int process);

    [LoggerMessage(2, LogLevel.Warning,
        "Silo {Silo} has left the cluster, or was declared dead; {Count} are in it. Its orders go on with them",
        EventName = "cluster.left")]
    private partial void Left(string silo, int count);

    [LoggerMessage(3, LogLevel.Information, "Silo {Silo} has joined the cluster; {Count} are in it",
        EventName = "cluster.joined")]
    private partial void Joined(string silo, int count);
}
