using System.Diagnostics;
using System.Globalization;
using OrderGrains.Sandbox;

namespace OrderGrains.Chaos.Cluster;

/// <summary>
/// Debian's nginx before the silos, with the very rules that are deployed (<c>deploy/nginx/ordergrains.conf</c>), in a
/// temporary folder and on a free loopback port.
/// </summary>
public sealed class NginxServer : IAsyncDisposable
{
    private static readonly string[] Folders = ["/usr/sbin", "/usr/local/sbin"];

    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(10);

    private readonly string _directory;
    private readonly Process _process;

    private NginxServer(string directory, Process process, Uri address) =>
        (_directory, _process, Address) = (directory, process, address);

    public Uri Address { get; }

    /// <summary>The program; null where it is not installed.</summary>
    public static string? FindProgram() => Folders
        .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        .Select(folder => Path.Combine(folder, "nginx")).FirstOrDefault(File.Exists);

    /// <summary>Starts it before these ports of loopback.</summary>
    /// <exception cref="InvalidOperationException">It is not installed, or did not start; with its log.</exception>
    public static async Task<NginxServer> StartAsync(IEnumerable<int> upstreamPorts, TimeProvider time)
    {
        var program = FindProgram() ?? throw new InvalidOperationException("nginx is not installed.");
        var directory = Directory.CreateTempSubdirectory("ordergrains-nginx-").FullName;
        var port = LoopbackPort.Free();
        var configuration = Path.Combine(directory, "nginx.conf");
        await File.WriteAllTextAsync(configuration, Configure(upstreamPorts, port));
        var process = Process.Start(program, ["-p", directory, "-e", "error.log", "-c", configuration]);
        var server = new NginxServer(directory, process, new Uri($"http://127.0.0.1:{port}"));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        if (await Until.TrueAsync(token => AnswersAsync(http, server.Address, token), StartMax, time, default))
            return server;
        var log = server.ErrorLog;
        await server.DisposeAsync();
        throw new InvalidOperationException($"nginx did not start: {log}");
    }

    /// <summary>What it complained of.</summary>
    public string ErrorLog => File.Exists(Path.Combine(_directory, "error.log"))
        ? File.ReadAllText(Path.Combine(_directory, "error.log")) : "";

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // Its workers end with it when it is asked; a killed master would leave them behind.
            using var term = Process.Start(
                "kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await term.WaitForExitAsync();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static async Task<bool> AnswersAsync(HttpClient http, Uri address, CancellationToken cancellation)
    {
        try
        {
            using var response = await http.GetAsync(address, cancellation);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static string Configure(IEnumerable<int> upstreamPorts, int port)
    {
        var servers = upstreamPorts.Select(upstream => $"server 127.0.0.1:{upstream} max_fails=1 fail_timeout=2s;");
        var rules = Path.Combine(AppContext.BaseDirectory, "nginx", "ordergrains.conf");
        var user = Environment.IsPrivilegedProcess ? "user root;" : "";
        return $$"""
            {{user}}
            daemon off;
            worker_processes 1;
            pid nginx.pid;
            events { worker_connections 4096; }
            http {
                access_log off;
                client_body_temp_path body;
                proxy_temp_path proxy;
                fastcgi_temp_path fastcgi;
                scgi_temp_path scgi;
                uwsgi_temp_path uwsgi;
                upstream ordergrains {
                    zone ordergrains 64k;
                    {{string.Join("\n        ", servers)}}
                    keepalive 64;
                    keepalive_timeout 60s;
                }
                server {
                    listen 127.0.0.1:{{port}};
                    include {{rules}};
                }
            }
            """;
    }
}
