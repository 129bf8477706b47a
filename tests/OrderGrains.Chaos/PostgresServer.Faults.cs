using System.Diagnostics;
using System.Globalization;
using Npgsql;
using OrderGrains.Chaos.Links;

namespace OrderGrains.Chaos;

/// <summary>What can befall a server.</summary>
public sealed partial class PostgresServer
{
    /// <summary>Null when the data lies on the disk of temporary files.</summary>
    public BoundedDisk? Disk => _disk;

    public int Port => _port;

    /// <summary>As <see cref="StopAsync"/>, but at an end that the server itself has chosen.</summary>
    public Task StopFastAsync() => RunProgramAsync("pg_ctl", ["-D", Data, "-m", "fast", "-w", "stop"]);

    /// <summary>Starts the server when it is not running; true when it was not.</summary>
    public async Task<bool> StartIfDownAsync()
    {
        if (FindProcesses().Count > 0) return false;
        await StartAgainAsync();
        return true;
    }

    /// <summary>
    /// SIGSTOP to the server and all its processes: connections stay, and nothing is answered. Thawed when what is
    /// returned is disposed of.
    /// </summary>
    public IDisposable Freeze()
    {
        // The first one first, so that it makes no more.
        var frozen = FindProcesses();
        Signal("STOP", frozen);
        var late = FindProcesses().Except(frozen).ToList();
        Signal("STOP", late);
        return new Undo(() => Signal("CONT", [.. frozen, .. late]));
    }

    /// <summary>Makes a role without special rights, and a database that it owns; its connection string.</summary>
    public async Task<string> CreateOwnedDatabaseAsync(string name, string owner)
    {
        await ExecuteAsync(ConnectionTo("postgres"), $"create role {owner} login");
        await ExecuteAsync(ConnectionTo("postgres"), $"create database {name} owner {owner}");
        return new NpgsqlConnectionStringBuilder(ConnectionTo(name)) { Username = owner }.ConnectionString;
    }

    /// <summary>Ends all connections of a role.</summary>
    public Task TerminateAsync(string role) => ExecuteAsync(
        ConnectionTo("postgres"), $"select pg_terminate_backend(pid) from pg_stat_activity where usename = '{role}'");

    /// <summary>Others take every connection that is not kept for superusers, until it is cancelled.</summary>
    /// <param name="role">Who has to go, and finds no place again.</param>
    /// <param name="time">Times the tries.</param>
    /// <param name="cancellation">Lets all go.</param>
    public async Task ExhaustAsync(string role, TimeProvider time, CancellationToken cancellation)
    {
        await ExecuteAsync(ConnectionTo("postgres"), "drop role if exists others");
        await ExecuteAsync(ConnectionTo("postgres"), "create role others login");
        var others = new NpgsqlConnectionStringBuilder(ConnectionTo("postgres"))
        {
            Username = "others",
            Pooling = false,
        }.ConnectionString;
        var held = new List<NpgsqlConnection>();
        try
        {
            await TerminateAsync(role);
            while (true)
            {
                var connection = new NpgsqlConnection(others);
                try
                {
                    held.Add(connection);
                    await connection.OpenAsync(cancellation);
                }
                catch (PostgresException full) when (full.SqlState == PostgresErrorCodes.TooManyConnections)
                {
                    held.Remove(connection);
                    await connection.DisposeAsync();
                    // Some of those that had to go came back faster.
                    await TerminateAsync(role);
                    await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellation);
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // It is over.
        }
        finally
        {
            foreach (var connection in held) await connection.DisposeAsync();
        }
    }

    /// <summary>A connection of the superuser's.</summary>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(ConnectionTo("postgres") + ";Pooling=false");
        await connection.OpenAsync(cancellation);
        return connection;
    }

    /// <summary>Begins a new file of the write-ahead log, which needs room.</summary>
    public static async Task SwitchLogAsync(NpgsqlConnection connection)
    {
        await using var command = connection.CreateCommand();
        // An empty one would not be ended. The two are two transactions, as the first must be in the log.
        command.CommandText = "select pg_logical_emit_message(false, 'chaos', 'full')";
        await command.ExecuteNonQueryAsync();
        command.CommandText = "select pg_switch_wal()";
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The server and its children; empty when it is down.</summary>
    private List<int> FindProcesses()
    {
        var file = Path.Combine(Data, "postmaster.pid");
        if (!File.Exists(file)) return [];
        var postmaster = int.Parse(File.ReadLines(file).First(), CultureInfo.InvariantCulture);
        // A server that died leaves the file, and its number may be another's by now.
        if (ParentOf(postmaster) is null || !CommandOf(postmaster).Contains("postgres", StringComparison.Ordinal))
            return [];
        var all = Directory.EnumerateDirectories("/proc").Select(path => Path.GetFileName(path))
            .Where(name => name.All(char.IsAsciiDigit)).Select(name => int.Parse(name, CultureInfo.InvariantCulture));
        return [postmaster, .. all.Where(process => ParentOf(process) == postmaster)];
    }

    private static int? ParentOf(int process)
    {
        try
        {
            // "123 (name) S 1 …": the name may have spaces and parentheses of its own. Z is one that has ended.
            var stat = File.ReadAllText($"/proc/{process}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z" ? null : int.Parse(fields[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string CommandOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static void Signal(string signal, List<int> processes)
    {
        if (processes.Count == 0) return;
        string[] arguments =
            [$"-{signal}", .. processes.Select(process => process.ToString(CultureInfo.InvariantCulture))];
        // One that ended meanwhile is complained of, and is no matter.
        var start = new ProcessStartInfo("kill", arguments) { UseShellExecute = false, RedirectStandardError = true };
        using var kill = Process.Start(start)!;
        kill.WaitForExit();
    }
}
