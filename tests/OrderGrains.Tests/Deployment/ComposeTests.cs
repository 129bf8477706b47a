using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using OrderGrains.Storage;
using OrderGrains.Tests.Storage.Sqlite;
using OrderGrains.Tests.Tidy;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace OrderGrains.Tests.Deployment;

public sealed class ComposeTests
{
    private static readonly YamlNode Compose = Assert.Single(Yaml.Read("docker-compose.yml"));

    private static readonly string[] SecretWords = ["password", "secret", "key", "connectionstring"];

    private static IEnumerable<(string Name, YamlNode Value)> Services => Compose.Get("services").Entries();

    private static IReadOnlyList<(string Name, YamlNode Value)> Silos =>
        [.. Services.Where(s => s.Value.Find("build", "target") is YamlScalarNode { Value: "product" })];

    [Fact]
    public void There_are_three_silos_each_with_an_address_of_its_own()
    {
        Assert.Equal(3, Silos.Count);
        Assert.Equal(3, Silos.Select(Address).Distinct(StringComparer.Ordinal).Count());
        Assert.All(Silos, silo => Assert.Equal(
            Address(silo), silo.Value.Text("environment", "OrderGrains__Cluster__AdvertisedAddress")));
    }

    [Fact]
    public async Task Each_silo_is_configured_rightly_by_its_environment_and_a_made_secret()
    {
        using var secrets = new TempDirectory();
        await MakeSecretsAsync(secrets.Path);
        var password = await File.ReadAllTextAsync(
            Path.Combine(secrets.Path, "postgres-password"), TestContext.Current.CancellationToken);

        foreach (var (_, silo) in Silos)
        {
            var options = ConfigurationCheck.Read(new ConfigurationBuilder()
                .AddJsonFile(Path.Combine(secrets.Path, "ordergrains.json"))
                .AddInMemoryCollection(ProductSettings(silo)).Build());

            Assert.Equal(StorageKind.Postgres, options.Storage.Kind);
            Assert.EndsWith($"Password={password}", options.Storage.ConnectionString!, StringComparison.Ordinal);
            Assert.Equal((11111, 30000), (options.Cluster.SiloPort, options.Cluster.GatewayPort));
            Assert.Equal([Address(Services.Single(s => s.Name == "nginx")) + "/32"], options.Ingress.TrustedProxies);
            // nginx listens in plain HTTP, and its sandbox posts from another container.
            Assert.True(options.Ingress.AllowPlainHttp);
        }
    }

    [Fact]
    public async Task Made_secrets_are_fresh_and_are_not_made_twice()
    {
        using var first = new TempDirectory();
        using var second = new TempDirectory();
        Assert.Equal(0, await MakeSecretsAsync(first.Path));
        Assert.Equal(0, await MakeSecretsAsync(second.Path));
        var made = await File.ReadAllLinesAsync(
            Path.Combine(first.Path, "ordergrains.json"), TestContext.Current.CancellationToken);
        var other = await File.ReadAllLinesAsync(
            Path.Combine(second.Path, "ordergrains.json"), TestContext.Current.CancellationToken);

        Assert.DoesNotContain(made, line => line.Contains('<', StringComparison.Ordinal));
        Assert.All(made.Where(line => line.Contains("Secret", StringComparison.Ordinal)),
            line => Assert.DoesNotContain(line, other, StringComparer.Ordinal));
        Assert.Equal(1, await MakeSecretsAsync(first.Path));
    }

    [Fact]
    public void Every_secret_is_a_file_that_git_does_not_take()
    {
        var ignored = File.ReadAllLines(Path.Combine(SourceTree.Root, ".gitignore"));
        Assert.All(Compose.Get("secrets").Entries(), secret =>
            Assert.Contains(secret.Value.Text("file").TrimStart('.'), ignored, StringComparer.Ordinal));
        Assert.DoesNotContain(Services.SelectMany(s => s.Value.Find("environment").Entries()), variable =>
            !variable.Name.EndsWith("_FILE", StringComparison.Ordinal)
            && SecretWords.Any(word => variable.Name.Contains(word, StringComparison.OrdinalIgnoreCase)));
        Assert.All(Services.SelectMany(s => s.Value.Find("secrets").Items()), used =>
            Assert.NotNull(Compose.Find("secrets", ((YamlScalarNode)used).Value!)));
    }

    [Fact]
    public void Nothing_runs_as_root_or_may_become_root() => Assert.All(Services, service =>
    {
        // Ours are made by the Dockerfile, whose test sees to its user.
        Assert.True(service.Value.Find("build") is not null || service.Value.Text("user") is not ("root" or "0"),
            service.Name);
        Assert.Equal("ALL", service.Value.Text("cap_drop", "0"));
        Assert.Equal("no-new-privileges:true", service.Value.Text("security_opt", "0"));
    });

    [Fact]
    public void Everything_has_longer_to_stop_than_the_product_needs() => Assert.All(Services, service =>
        Assert.InRange(int.Parse(service.Value.Text("stop_grace_period").TrimEnd('s'), CultureInfo.InvariantCulture),
            31, 120));

    [Fact]
    public void Only_nginx_has_a_port_and_it_is_this_machines() => Assert.Equal(
        "${ORDERGRAINS_LISTEN:-127.0.0.1:8080}:8080",
        Assert.Single(Services.SelectMany(s => s.Value.Find("ports").Items())).ToString());

    [Fact]
    public void A_commit_waits_for_the_disk() => Assert.Contains(
        Compose.Get("services", "postgres", "command").Items(), i => i.ToString() == "synchronous_commit=on");

    [Fact]
    public void Every_file_that_is_mounted_exists() => Assert.All(
        Services.SelectMany(s => s.Value.Find("volumes").Items()).Select(v => v.ToString().Split(':')[0])
            .Where(source => source.StartsWith('.')),
        source => Assert.True(File.Exists(Path.Combine(SourceTree.Root, source)), source));

    [Fact]
    public void Nginx_knows_every_silo()
    {
        var upstream = File.ReadAllText(Path.Combine(SourceTree.Root, "deploy", "nginx", "nginx.conf"));
        Assert.All(Silos, silo =>
            Assert.Contains($"server {Address(silo)}:8080 ", upstream, StringComparison.Ordinal));
    }

    private static string Address((string Name, YamlNode Value) service) =>
        service.Value.Text("networks", "ordergrains", "ipv4_address");

    /// <summary>What a process reads of its environment (ConfigurationLayers).</summary>
    internal static IEnumerable<KeyValuePair<string, string?>> ProductSettings(YamlNode service) =>
        service.Get("environment").Entries()
            .Where(v => v.Name.StartsWith("OrderGrains__", StringComparison.Ordinal))
            .Select(v => KeyValuePair.Create(
                v.Name["OrderGrains__".Length..].Replace("__", ":", StringComparison.Ordinal),
                ((YamlScalarNode)v.Value).Value));

    /// <summary>Runs secrets/make.sh in a copy of its folder; its exit code.</summary>
    internal static async Task<int> MakeSecretsAsync(string directory)
    {
        Directory.CreateDirectory(directory);
        foreach (var file in (string[])["make.sh", "ordergrains.example.json"])
            File.Copy(Path.Combine(SourceTree.Root, "secrets", file), Path.Combine(directory, file), overwrite: true);
        var start = new ProcessStartInfo("sh", [Path.Combine(directory, "make.sh")])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        using var process = System.Diagnostics.Process.Start(start)!;
        await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }
}
