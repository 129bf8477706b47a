using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using OrderGrains.Chaos;
using OrderGrains.Sandbox;
using OrderGrains.Tests.Storage.Sqlite;
using Xunit;

namespace OrderGrains.Tests.Configuration;

/// <summary>The real process: where its configuration comes from, and how it ends when that is wrong.</summary>
public sealed class ConfigurationProcessTests : IDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);
    private readonly TempDirectory _directory = new();

    public ConfigurationProcessTests() => Directory.CreateDirectory(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_wrong_configuration_ends_it_with_code_2_and_names_every_mistake()
    {
        var (code, output) = await RunAsync(Settings()
            .With("Ingress:BodyBytesMax", "5")
            .With("Sources:acme:Kind", "Shopify").With("Sources:acme:Secrets:0", "hunter2")
            .With("Warehouses:east:Kind", "Http").With("Warehouses:east:Secrets:0", "hunter2"));

        Assert.Equal(2, code);
        foreach (var mistake in (string[])
        [
            "Ingress:BodyBytesMax: must be between", "Sources:acme:Locations: must have at least 1",
            "Warehouses:east:BaseUrl: is missing",
            "Warehouses:east:Locations: must have", "Warehouses:east:Secrets:0: must be whsec_",
        ])
            Assert.Contains(mistake, output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_directory.Path, "data")), "it began to work");
    }

    [Theory]
    [InlineData("{ \"Ingress\": hunter2 }", "is not JSON: line 1, byte")]
    [InlineData("{ \"DataDirectory\": \"a\", \"DataDirectory\": \"b\" }", "duplicate key 'DataDirectory'")]
    public async Task A_file_that_is_not_JSON_ends_it_with_code_2(string json, string mistake)
    {
        await File.WriteAllTextAsync(
            Path.Combine(_directory.Path, "ordergrains.json"), json, TestContext.Current.CancellationToken);

        var (code, output) = await RunAsync(Settings());

        Assert.Equal(2, code);
        Assert.Contains("ordergrains.json", output, StringComparison.Ordinal);
        Assert.Contains(mistake, output, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_ORDERGRAINS_CONFIG_names_and_that_is_not_there_ends_it_with_code_2()
    {
        var (code, output) = await ProductProcess.RunAsync(
            Settings(), _directory.Path, StartMax, TimeProvider.System, new ProductLaunch
            {
                Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["ORDERGRAINS_CONFIG"] = "nowhere.json",
                },
            });

        Assert.Equal(2, code);
        Assert.Contains("ORDERGRAINS_CONFIG: there is no file", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--version", "1.")]
    [InlineData("--help", "--urls ADDRESS")]
    public async Task It_says_what_it_is_without_beginning_to_work(string asked, string said)
    {
        var (code, output) = await RunAsync(Settings(), asked);

        Assert.Equal(0, code);
        Assert.Contains(said, output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_directory.Path, "data")), "it began to work");
    }

    [Theory]
    [InlineData("start", "command line: 'start' is neither a command nor Setting=value")]
    [InlineData("--nonsense", "command line: --nonsense has no value")]
    public async Task A_word_that_it_does_not_know_ends_it_with_code_2(string word, string mistake)
    {
        var (code, output) = await RunAsync(Settings(), word);

        Assert.Equal(2, code);
        Assert.Contains(mistake, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_taken_or_none_ends_it_with_code_1_and_a_sentence()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        await EndsAsync($"Another program listens at http://{taken.LocalEndpoint}: choose another address with --urls.",
            Settings(), $"--urls=http://{taken.LocalEndpoint}");
        await EndsAsync("Invalid url: 'here': --urls needs an address such as http://127.0.0.1:8080.",
            Settings(), "--urls=here");
    }

    [Fact]
    public async Task A_data_directory_that_cannot_be_one_ends_it_with_code_1_and_a_sentence()
    {
        var file = Path.Combine(_directory.Path, "data");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        await EndsAsync($"The data directory '{file}' is a file: DataDirectory needs a directory.", Settings());
        await EndsAsync($"The data directory '{file}/in-it' cannot be made: choose another as DataDirectory.",
            new ProductSettings(Path.Combine(file, "in-it"), "an-admin-key-of-a-test"));
    }

    /// <summary>Four shops, and each layer sets the secrets of one shop fewer than the layer before it.</summary>
    [Fact]
    public async Task Command_line_wins_over_environment_over_the_named_file_over_ordergrains_json()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync(Path.Combine(_directory.Path, "ordergrains.json"), $$"""
            { "Warehouses": { "w": { "Kind": "Http", "BaseUrl": "http://127.0.0.1:1", "Locations": ["east"] } },
              "Sources": { {{string.Join(", ", "abcd".Select(shop => Shop(shop, "json")))}} } }
            """, cancellation);
        await File.WriteAllTextAsync(Path.Combine(_directory.Path, "named.json"),
            $$"""{ "Sources": { {{string.Join(", ", "bcd".Select(shop => Shop(shop, "named")))}} } }""", cancellation);
        var settings = Settings().With("Sources:c:Secrets:0", "environment").With("Sources:d:Secrets:0", "environment");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });

        // An unrelated variable of this name stands for all that is not ours.
        await using var product = await ProductProcess.StartAsync(
            settings, _directory.Path, StartMax, http, TimeProvider.System, cancellation, new ProductLaunch
            {
                Arguments = ["--Sources:d:Secrets:0=line"],
                Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["ORDERGRAINS_CONFIG"] = "named.json",
                    ["CLUSTER"] = "prod-7",
                    ["Sources__a__Secrets__0"] = "theirs",
                },
            });

        Assert.Equal(
            ["a json", "b named", "c environment", "d line"],
            await ProvenAsync(product.Address, http, cancellation), StringComparer.Ordinal);
    }

    /// <summary>It may name real shops, warehouses and subscribers.</summary>
    [Fact]
    public async Task The_demo_does_not_read_the_configuration_of_the_folder_that_it_is_started_in()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_directory.Path, "ordergrains.json"), """{ "Ingress": { "BodyBytesMax": 5 } }""",
            TestContext.Current.CancellationToken);

        var (code, output) = await ProductProcess.RunAsync(
            Settings(), _directory.Path, StartMax, TimeProvider.System, new ProductLaunch
            {
                Product = Path.Combine(AppContext.BaseDirectory, "OrderGrains.Sandbox.dll"),
                Arguments = ["--seconds", "1", "--urls", "http://127.0.0.1:0"],
                Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["OrderGrains__Warehouses__real__Kind"] = "nonsense",
                },
            });

        Assert.True(code == 0, output);
    }

    private static async Task<List<string>> ProvenAsync(Uri address, HttpClient http, CancellationToken cancellation)
    {
        var proven = new List<string>();
        foreach (var shop in "abcd")
        {
            foreach (var secret in (string[])["json", "named", "environment", "line", "theirs"])
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, $"/webhooks/v1/{shop}"));
                request.Content = new ByteArrayContent("{}"u8.ToArray());
                request.Headers.Add("X-Shopify-Hmac-Sha256",
                    Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), "{}"u8)));
                using var response = await http.SendAsync(request, cancellation);
                if (response.StatusCode == HttpStatusCode.OK)
                    proven.Add($"{shop} {secret}");
            }
        }

        return proven;
    }

    /// <summary>With code 1 and the sentence, and no stack.</summary>
    private async Task EndsAsync(string sentence, ProductSettings settings, params string[] arguments)
    {
        var (code, output) = await RunAsync(settings, arguments);

        Assert.Equal(1, code);
        Assert.Contains(sentence, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("fail:", output, StringComparison.Ordinal);
    }

    private Task<(int? ExitCode, string Output)> RunAsync(ProductSettings settings, params string[] arguments) =>
        ProductProcess.RunAsync(
            settings, _directory.Path, StartMax, TimeProvider.System, new ProductLaunch { Arguments = arguments });

    private ProductSettings Settings() => new(Path.Combine(_directory.Path, "data"), "an-admin-key-of-a-test");

    private static string Shop(char name, string secret) =>
        $$"""  "{{name}}": { "Kind": "Shopify", "Secrets": ["{{secret}}"], "Locations": ["east"] }  """;
}
