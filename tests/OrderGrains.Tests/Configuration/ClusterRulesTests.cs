using OrderGrains.Storage;
using Xunit;

namespace OrderGrains.Tests.Configuration;

/// <summary>What a cluster needs that one process does not.</summary>
public sealed class ClusterRulesTests
{
    private const string Postgres =
        """{"Storage":{"Kind":"Postgres","ConnectionString":"Host=db;Username=og;Password=hunter2"}}""";

    [Theory]
    [InlineData("All", ClusterRole.All)]
    [InlineData("gateway", ClusterRole.Gateway)]
    [InlineData("Silo", ClusterRole.Silo)]
    public void On_postgres_a_process_may_play_every_role(string name, ClusterRole role)
    {
        var options = Configured.Read(
            Configured.Right, Postgres, $$"""{ "Cluster": { "AdvertisedAddress": "10.1.2.3", "Role": "{{name}}" } }""");

        Assert.Equal((role, StorageKind.Postgres), (options.Cluster.Role, options.Storage.Kind));
    }

    [Theory]
    [InlineData("""{"Cluster":{"Role":"Gateway"}}""", "Cluster:Role: Gateway needs Storage:Kind Postgres")]
    [InlineData("""{"Cluster":{"Role":"Silo"}}""", "Cluster:Role: Silo needs Storage:Kind Postgres")]
    [InlineData("""{"Cluster":{"Role":"Boss"}}""", "Cluster:Role: must be one of All, Gateway, Silo in this version")]
    [InlineData("""{"Cluster":{"AdvertisedAddress":"silo-1.example"}}""",
        "Cluster:AdvertisedAddress: must be an IP address")]
    [InlineData("""{"Cluster":{"AdvertisedAddress":""}}""",
        "Cluster:AdvertisedAddress: is missing", "Cluster:AdvertisedAddress: must be an IP address")]
    [InlineData("""{"Cluster":{"ListenAddress":"every"}}""", "Cluster:ListenAddress: must be an IP address")]
    [InlineData("""{"Cluster":{"Kubernetes":true}}""",
        "Cluster:Kubernetes: needs Storage:Kind Postgres",
        "Cluster:Kubernetes: needs the environment variables POD_NAMESPACE, POD_NAME, POD_IP")]
    [InlineData("""{"Storage":{"Kind":"Postgres"}}""", "Storage:ConnectionString: is missing")]
    [InlineData("""{"Storage":{"Kind":"Postgres","ConnectionString":"hunter2"}}""",
        "Storage:ConnectionString: must be one of Npgsql, with a Host")]
    [InlineData("""{"Storage":{"Kind":"Postgres","ConnectionString":"Username=og;Password=hunter2"}}""",
        "Storage:ConnectionString: must be one of Npgsql, with a Host")]
    [InlineData("""{"Storage":{"Kind":"Postgres","ConnectionString":"Host=db;Port=hunter2"}}""",
        "Storage:ConnectionString: must be one of Npgsql, with a Host")]
    [InlineData("""{"Storage":{"Kind":"Postgres","ConnectionString":"Host=db;Passwrd=hunter2"}}""",
        "Storage:ConnectionString: must be one of Npgsql, with a Host")]
    [InlineData("""{"Ingress":{"TrustedProxies":["10.0.0.0/8","the balancer"]}}""",
        "Ingress:TrustedProxies: 'the balancer' is no network such as 203.0.113.0/24")]
    [InlineData("""{"Ingress":{"PublicUrl":"orders.example.com"}}""",
        "Ingress:PublicUrl: must be an absolute http or https address without user, query and fragment")]
    [InlineData("""{"Ingress":{"PublicUrl":"https://ops:hunter2@orders.example.com"}}""",
        "Ingress:PublicUrl: must be an absolute http or https address without user, query and fragment")]
    [InlineData("""{"Ingress":{"PublicUrl":"ftp://orders.example.com"}}""",
        "Ingress:PublicUrl: must be an absolute http or https address without user, query and fragment")]
    public void What_a_cluster_cannot_run_with_is_named(string json, params string[] mistakes) =>
        Assert.Equal(mistakes, Configured.MistakesOver(json));

    [Fact]
    public void A_process_of_many_makes_no_key_of_its_own() => Assert.Equal(
        ["Api:Keys: must have at least one key: one that a process makes would not open the others"],
        Configured.Mistakes(Postgres));
}
