using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrderGrains.Ingress;

namespace OrderGrains.Telemetry;

/// <summary>Whether this silo takes part in the cluster.</summary>
internal sealed class SiloHealth(ISiloStatusOracle silos, Membership membership) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(!membership.IsCertain
            ? HealthCheckResult.Unhealthy("The silo is no member of the cluster, or cannot know.")
            : silos.CurrentStatus == SiloStatus.Active
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"The silo is {silos.CurrentStatus}."));
}

/// <summary>Whether this gateway reaches a silo.</summary>
internal sealed class ConnectionHealth(ClusterConnection connection) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(connection.IsConnected
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("No silo can be reached."));
}

/// <summary>Whether the database answers.</summary>
internal sealed class DatabaseHealth(IInbox inbox, TimeProvider time) : IHealthCheck
{
    /// <summary>Whoever asks waits a few seconds at most.</summary>
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await inbox.FindAsync(Guid.Empty).WaitAsync(AnswerMax, time, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is StorageException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.");
        }
    }
}
