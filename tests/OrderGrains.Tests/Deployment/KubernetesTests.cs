using System.Globalization;
using Microsoft.Extensions.Configuration;
using OrderGrains.Tests.Storage.Sqlite;
using OrderGrains.Tests.Tidy;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace OrderGrains.Tests.Deployment;

public sealed class KubernetesTests
{
    private const string Folder = "deploy/kubernetes";

    private static readonly IReadOnlyList<YamlNode> Manifests =
        [.. Yaml.Read($"{Folder}/kustomization.yaml")[0].Get("resources").Items()
            .SelectMany(file => Yaml.Read($"{Folder}/{file}"))];

    private static YamlNode Pod => Manifest("Deployment").Get("spec", "template");

    private static YamlNode Container => Assert.Single(Pod.Get("spec", "containers").Items());

    [Fact]
    public void Every_manifest_is_in_the_kustomization() => Assert.Equal(
        SourceTree.Files(Folder, ".yaml").Select(f => Path.GetFileName(f.Path)).Order(StringComparer.Ordinal),
        Yaml.Read($"{Folder}/kustomization.yaml")[0].Get("resources").Items().Select(i => i.ToString())
            .Append("kustomization.yaml").Order(StringComparer.Ordinal),
        StringComparer.Ordinal);

    [Fact]
    public async Task A_silo_is_configured_rightly_by_its_environment_and_a_made_secret()
    {
        using var secrets = new TempDirectory();
        await ComposeTests.MakeSecretsAsync(secrets.Path);
        var settings = Container.Get("env").Items()
            .Where(v => v.Text("name").StartsWith("OrderGrains__", StringComparison.Ordinal))
            .ToDictionary(
                v => v.Text("name")["OrderGrains__".Length..].Replace("__", ":", StringComparison.Ordinal),
                v => (string?)v.Text("value"), StringComparer.Ordinal);
        Assert.Equal("true", settings["Cluster:Kubernetes"]);
        // A pod's own variables, which this process has not, are the next test's.
        settings["Cluster:Kubernetes"] = "false";

        var options = ConfigurationCheck.Read(new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(secrets.Path, "ordergrains.json")).AddInMemoryCollection(settings).Build());

        Assert.Equal((11111, 30000), (options.Cluster.SiloPort, options.Cluster.GatewayPort));
        Assert.Equal(["8080", "11111", "30000"], Container.Get("ports").Items().Select(p => p.Text("containerPort")),
            StringComparer.Ordinal);
    }

    /// <summary>Source: learn.microsoft.com/dotnet/orleans/deployment/kubernetes.</summary>
    [Fact]
    public void Orleans_finds_in_the_pod_what_it_asks_for()
    {
        var fields = Container.Get("env").Items().Where(v => v.Find("valueFrom") is not null).ToDictionary(
            v => v.Text("name"), v => v.Text("valueFrom", "fieldRef", "fieldPath"), StringComparer.Ordinal);
        Assert.Equal("metadata.name", fields["POD_NAME"]);
        Assert.Equal("metadata.namespace", fields["POD_NAMESPACE"]);
        Assert.Equal("status.podIP", fields["POD_IP"]);
        Assert.Equal("metadata.labels['orleans/serviceId']", fields["ORLEANS_SERVICE_ID"]);
        Assert.Equal("metadata.labels['orleans/clusterId']", fields["ORLEANS_CLUSTER_ID"]);
        Assert.Equal(
            (new OrderGrainsOptions().Cluster.ServiceId, new OrderGrainsOptions().Cluster.ClusterId),
            (Pod.Text("metadata", "labels", "orleans/serviceId"), Pod.Text("metadata", "labels", "orleans/clusterId")));

        var rule = Assert.Single(Manifest("Role").Get("rules").Items());
        Assert.Equal(["pods"], rule.Get("resources").Items().Select(r => r.ToString()), StringComparer.Ordinal);
        Assert.Equal(
            ["get", "list", "watch", "delete", "patch"], rule.Get("verbs").Items().Select(v => v.ToString()),
            StringComparer.Ordinal);
        Assert.Equal(
            Pod.Text("spec", "serviceAccountName"), Manifest("RoleBinding").Text("subjects", "0", "name"));
    }

    [Fact]
    public void A_pod_has_longer_to_stop_than_the_product_needs_after_its_pause()
    {
        var pause = Number(Container.Text("lifecycle", "preStop", "exec", "command", "1"));
        Assert.InRange(Number(Pod.Text("spec", "terminationGracePeriodSeconds")), pause + 31, 120);
    }

    [Fact]
    public void Nothing_runs_as_root_or_writes_beside_its_volumes()
    {
        Assert.Equal("true", Pod.Text("spec", "securityContext", "runAsNonRoot"));
        Assert.NotEqual(0, Number(Pod.Text("spec", "securityContext", "runAsUser")));
        Assert.Equal("true", Container.Text("securityContext", "readOnlyRootFilesystem"));
        Assert.Equal("false", Container.Text("securityContext", "allowPrivilegeEscalation"));
        Assert.Equal("ALL", Container.Text("securityContext", "capabilities", "drop", "0"));
        Assert.Equal(
            Pod.Get("spec", "volumes").Items().Select(v => v.Text("name")).Order(StringComparer.Ordinal),
            Container.Get("volumeMounts").Items().Select(m => m.Text("name")).Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
    }

    [Fact]
    public void A_database_that_is_away_restarts_no_silo()
    {
        Assert.Equal("/health/live", Container.Text("livenessProbe", "httpGet", "path"));
        Assert.Equal("/health/live", Container.Text("startupProbe", "httpGet", "path"));
        Assert.Equal("/health/ready", Container.Text("readinessProbe", "httpGet", "path"));
    }

    [Fact]
    public void A_start_may_wait_for_five_minutes_of_migration() => Assert.True(
        Number(Container.Text("startupProbe", "periodSeconds"))
        * Number(Container.Text("startupProbe", "failureThreshold")) > 300);

    [Fact]
    public void Every_selector_finds_the_silos()
    {
        var label = Pod.Text("metadata", "labels", "app.kubernetes.io/name");
        foreach (var kind in (string[])["Deployment", "PodDisruptionBudget"])
        {
            Assert.Equal(label, Manifest(kind).Text("spec", "selector", "matchLabels", "app.kubernetes.io/name"));
        }

        Assert.Equal(label, Manifest("Service").Text("spec", "selector", "app.kubernetes.io/name"));
        Assert.Equal(
            label, Manifest("NetworkPolicy").Text("spec", "podSelector", "matchLabels", "app.kubernetes.io/name"));
    }

    private static YamlNode Manifest(string kind) => Manifests.Single(m => m.Text("kind") == kind);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
