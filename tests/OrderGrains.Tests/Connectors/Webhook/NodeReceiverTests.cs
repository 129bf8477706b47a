using System.Diagnostics;
using System.Text.Json;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Webhook;
using OrderGrains.Tests.Connectors.Warehouses;
using OrderGrains.Tests.Storage.Sqlite;
using OrderGrains.Tests.Tidy;
using Xunit;

namespace OrderGrains.Tests.Connectors.Webhook;

/// <summary>The libraries that our subscribers are told to use verify what we send.</summary>
public sealed class NodeReceiverTests : IDisposable
{
    private const string Mismatch = "No matching signature found";

    private readonly TempDirectory _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Standardwebhooks_and_svix_verify_what_we_send_and_nothing_else()
    {
        await InstallAsync();
        var plain = await SentAsync(EventFormat.StandardWebhooks);
        var cloud = await SentAsync(EventFormat.CloudEvents);
        var changed = plain with { Body = [.. plain.Body, (byte)' '] };
        const string unknown = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

        var said = await VerifyAsync(
        [
            .. from library in (string[])["standardwebhooks", "svix"]
               from one in ((ScriptedHandler.Request, string)[])
               [
                   (plain, Events.Secret), (plain, Events.NewSecret), (cloud, Events.Secret),
                   (cloud, Events.NewSecret), (changed, Events.Secret), (plain, unknown),
               ]
               select (library, one.Item2, one.Item1),
        ]);

        string[] each = ["verified", "verified", "verified", "verified", Mismatch, Mismatch];
        Assert.Equal([.. each, .. each], said, StringComparer.Ordinal);
    }

    /// <summary>The libraries look at the clock.</summary>
    private static async Task<ScriptedHandler.Request> SentAsync(EventFormat format)
    {
        using var peer = ScriptedHandler.Answering(200);
        using var http = new HttpClient(peer);
        Assert.Equal(
            new SendResult.Delivered(),
            await Events.To(http, TimeProvider.System, format)
                .SendAsync(Events.Delivery(Events.Shipped with { ShipTo = Events.Ada }), Cancelled));
        return Assert.Single(peer.Requests);
    }

    private async Task InstallAsync()
    {
        Directory.CreateDirectory(_folder.Path);
        foreach (var file in (string[])["package.json", "package-lock.json", "verify.cjs"])
        {
            File.Copy(
                Path.Combine(SourceTree.Root, "tests/OrderGrains.Tests/Connectors/Webhook/npm", file),
                Path.Combine(_folder.Path, file));
        }

        var npm = Find("npm");
        Assert.SkipWhen(
            npm is null && Environment.GetEnvironmentVariable("CI") != "true",
            "Needs Node and npm (apt-get install nodejs npm); on CI this fails.");
        Assert.True(npm is not null, "npm is missing on CI: apt-get install nodejs npm");
        await RunAsync(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund");
    }

    private async Task<string[]> VerifyAsync(
        IEnumerable<(string Library, string Secret, ScriptedHandler.Request Request)> requests)
    {
        await File.WriteAllTextAsync(
            Path.Combine(_folder.Path, "requests.json"),
            JsonSerializer.Serialize(requests.Select(one => new
            {
                library = one.Library,
                secret = one.Secret,
                headers = one.Request.Headers,
                body = one.Request.Body,
            })),
            Cancelled);
        return (await RunAsync(Find("node")!, "verify.cjs", "requests.json")).Split('\n');
    }

    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _folder.Path,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = System.Diagnostics.Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(Cancelled);
        var said = await process.StandardOutput.ReadToEndAsync(Cancelled);
        await process.WaitForExitAsync(Cancelled);
        Assert.True(process.ExitCode == 0, $"{arguments[0]} ended with {process.ExitCode}: {await errors}");
        return said.Trim();
    }

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Where(directory => directory.Length > 0)
        .SelectMany(directory => (string[])
            [Path.Combine(directory, program), Path.Combine(directory, $"{program}.cmd"),
                Path.Combine(directory, $"{program}.exe")])
        .FirstOrDefault(path => File.Exists(path)
            && (!OperatingSystem.IsWindows() || Path.GetExtension(path).Length > 0));
}
