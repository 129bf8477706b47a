using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace OrderGrains.Chaos;

/// <summary>
/// A PostgreSQL of a test's own: a private cluster in a temporary folder, on a free loopback port, gone at the end. The
/// server refuses to run as root, so root runs it as user <c>postgres</c>.
/// </summary>
public sealed partial class PostgresServer : IAsyncDisposable
{
    private const string User = "ordergrains";

    /// <summary>Another process may take the free port before the server does.</summary>
    private const int StartsMax = 5;

    private readonly string _programs;
    private readonly string _directory;
    private readonly bool _durable;
    private BoundedDisk? _disk;
    private int _port;
    private int _databases;

    private PostgresServer(string programs, string directory, bool durable) =>
        (_programs, _directory, _durable) = (programs, directory, durable);

    /// <summary>The folder of the server's programs, of the newest version; null where there is none.</summary>
    public static string? FindPrograms()
    {
        var installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql")
                .OrderByDescending(path => double.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture,
                    out var version) ? version : 0)
                .Select(path => Path.Combine(path, "bin"))
            : [];
        return installed.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(path => File.Exists(Path.Combine(path, "initdb"))
                && File.Exists(Path.Combine(path, "pg_ctl")));
    }

    /// <summary>Makes a cluster and starts its server.</summary>
    /// <param name="durable">False: a commit does not wait for the disk; for tests that no power cut matters
    /// to.</param>
    /// <param name="diskBytes">The size of a disk of its own for the data; null, and where that cannot be made:
    /// the disk that temporary files are on.</param>
    /// <exception cref="InvalidOperationException">A program failed, or none is installed.</exception>
    public static async Task<PostgresServer> StartAsync(bool durable = true, long? diskBytes = null)
    {
        var programs = FindPrograms()
            ?? throw new InvalidOperationException("The programs of a PostgreSQL server are not installed.");
        var directory = Directory.CreateTempSubdirectory("ordergrains-postgres-").FullName;
        var server = new PostgresServer(programs, directory, durable);
        try
        {
            if (diskBytes is { } bytes)
                server._disk = await BoundedDisk.MountAsync(Path.Combine(directory, "disk"), bytes);
            if (Environment.IsPrivilegedProcess) await RunAsync("chown", ["-R", "postgres", directory]);
            await server.RunProgramAsync("initdb", ["-D", server.Data, "-U", User, "-A", "trust", "-E", "UTF8",
                "--locale=C.UTF-8", "--no-sync"]);
            for (var start = 1; ; start++)
            {
                server._port = LoopbackPort.Free();
                try
                {
                    await server.StartAgainAsync();
                    return server;
                }
                catch (InvalidOperationException) when (start < StartsMax)
                {
                }
            }
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>How to reach a database of this server.</summary>
    public string ConnectionTo(string database) =>
        $"Host=127.0.0.1;Port={_port};Username={User};Database={database}";

    /// <summary>Makes an empty database; its connection string.</summary>
    public Task<string> CreateDatabaseAsync() =>
        CreateDatabaseAsync(ConnectionTo("postgres"), $"test{Interlocked.Increment(ref _databases)}");

    /// <summary>Makes a database beside the one that a connection string names; its own connection string.</summary>
    /// <param name="beside">A database of the same server.</param>
    /// <param name="name">Its name.</param>
    /// <param name="template">The database to copy, with which nobody may be connected; null for an empty one.</param>
    public static async Task<string> CreateDatabaseAsync(string beside, string name, string? template = null)
    {
        var from = template is null ? "" : $" template {new NpgsqlConnectionStringBuilder(template).Database}";
        await ExecuteAsync(beside, $"create database {name}{from}");
        return new NpgsqlConnectionStringBuilder(beside) { Database = name }.ConnectionString;
    }

    /// <summary>Drops a database, with whoever is connected.</summary>
    /// <param name="beside">Another database of the same server.</param>
    /// <param name="connectionString">The database to drop.</param>
    public static Task DropDatabaseAsync(string beside, string connectionString) => ExecuteAsync(
        beside, $"drop database {new NpgsqlConnectionStringBuilder(connectionString).Database} with (force)");

    /// <summary>Every connection breaks and no transaction under way ends, as when the machine dies.</summary>
    public Task StopAsync() => RunProgramAsync("pg_ctl", ["-D", Data, "-m", "immediate", "-w", "stop"]);

    /// <summary>Starts the server again on the same port.</summary>
    public Task StartAgainAsync()
    {
        // The port is for loopback alone, and the socket stands beside the data: two servers never meet.
        var options = $"-p {_port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={_directory}"
            + $" -c max_connections=100 -c superuser_reserved_connections=10 -c fsync={(_durable ? "on" : "off")}";
        return RunProgramAsync(
            "pg_ctl", ["-D", Data, "-l", Path.Combine(_directory, "log"), "-o", options, "-w", "start"]);
    }

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
            await StopAsync();
        if (_disk is not null) await _disk.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private string Data => Path.Combine(_disk?.Directory ?? _directory, "data");

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private Task RunProgramAsync(string program, string[] arguments)
    {
        var path = Path.Combine(_programs, program);
        return Environment.IsPrivilegedProcess
            ? RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments])
            : RunAsync(path, arguments);
    }

    private static async Task RunAsync(string program, string[] arguments)
    {
        // A server that is started inherits what it writes to: a pipe would stay open for as long as it runs.
        var start = new ProcessStartInfo("sh", ["-c", "exec \"$@\" > /dev/null 2>&1 < /dev/null", "sh", program,
            .. arguments])
        {
            UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(),
        };
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: code {process.ExitCode}");
    }
}
