using System.Net;
using Npgsql;
using OrderGrains.Storage;

namespace OrderGrains;

/// <summary>Rules between <c>Storage</c>, <c>Cluster</c> and <c>Api</c>: what several processes need.</summary>
internal static class ClusterCheck
{
    /// <summary>What the Kubernetes package reads; without them it would guess.</summary>
    private static readonly string[] PodNames = ["POD_NAMESPACE", "POD_NAME", "POD_IP"];

    public static void Check(OrderGrainsOptions options, List<string> mistakes)
    {
        if (!IPAddress.TryParse(options.Cluster.AdvertisedAddress, out _))
            mistakes.Add("Cluster:AdvertisedAddress: must be an IP address");
        if (options.Cluster.ListenAddress is { } listen && !IPAddress.TryParse(listen, out _))
            mistakes.Add("Cluster:ListenAddress: must be an IP address");
        if (options.Storage.Kind == StorageKind.Postgres)
            CheckPostgres(options, mistakes);
        else
            CheckSqlite(options.Cluster, mistakes);
        if (options.Cluster.Kubernetes && PodNames.Any(n => Environment.GetEnvironmentVariable(n) is null or ""))
            mistakes.Add($"Cluster:Kubernetes: needs the environment variables {string.Join(", ", PodNames)}");
    }

    private static void CheckPostgres(OrderGrainsOptions options, List<string> mistakes)
    {
        if (string.IsNullOrWhiteSpace(options.Storage.ConnectionString))
            mistakes.Add("Storage:ConnectionString: is missing");
        else if (!IsConnectionString(options.Storage.ConnectionString))
            mistakes.Add("Storage:ConnectionString: must be one of Npgsql, with a Host");
        if (options.Api.Keys.Count == 0)
            mistakes.Add("Api:Keys: must have at least one key: one that a process makes would not open the others");
    }

    private static void CheckSqlite(ClusterSettings cluster, List<string> mistakes)
    {
        if (cluster.Role != ClusterRole.All)
            mistakes.Add($"Cluster:Role: {cluster.Role} needs Storage:Kind Postgres");
        if (cluster.Kubernetes)
            mistakes.Add("Cluster:Kubernetes: needs Storage:Kind Postgres");
    }

    /// <summary>What the parser says of it may repeat a password, so nothing of it is told.</summary>
    private static bool IsConnectionString(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 };
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException
            or InvalidCastException or KeyNotFoundException or OverflowException)
        {
            return false;
        }
    }
}
