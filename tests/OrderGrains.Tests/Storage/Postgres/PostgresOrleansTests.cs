using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OrderGrains.Tests.Storage.Sqlite;
using Orleans.Storage;
using Xunit;

namespace OrderGrains.Tests.Storage.Postgres;

/// <summary>Grain storage and reminders, by Orleans' own providers over our statements.</summary>
public sealed class PostgresOrleansTests(SharedPostgres server) : IAsyncLifetime
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string _database = "";

    public async ValueTask InitializeAsync() => _database = await server.CreateDatabaseAsync();

    public async ValueTask DisposeAsync() => await server.DropDatabaseAsync(_database);

    [Fact]
    public async Task Grain_state_and_reminders_survive_the_process()
    {
        var dueAt = default(DateTime);
        await using (var host = await PostgresSilo.StartAsync(_database))
        {
            var grain = GrainOf(host);
            Assert.Null(await grain.ReadAsync());
            await grain.WriteAsync("first");
            await grain.WriteAsync("second");
            await grain.RemindAsync("wake", Hour);
            dueAt = (await RemindersOf(host).ReadRow(grain.GetGrainId(), "wake", Cancelled))!.StartAt;
            await host.StopAsync(Cancelled);
        }

        await using (var host = await PostgresSilo.StartAsync(_database))
        {
            var grain = GrainOf(host);
            Assert.Equal("second", await grain.ReadAsync());
            var row = await RemindersOf(host).ReadRow(grain.GetGrainId(), "wake", Cancelled);
            // PostgreSQL keeps microseconds, .NET a tenth of one.
            Assert.Equal((Hour, DateTimeKind.Utc), (row!.Period, row.StartAt.Kind));
            Assert.Equal(dueAt, row.StartAt, TimeSpan.FromMicroseconds(1));
            Assert.Single((await RemindersOf(host).ReadRows(0, 0, Cancelled)).Reminders);

            await grain.ForgetAsync("wake");
            await grain.ClearAsync();
            Assert.Null(await RemindersOf(host).ReadRow(grain.GetGrainId(), "wake", Cancelled));
            await host.StopAsync(Cancelled);
        }

        await using (var host = await PostgresSilo.StartAsync(_database))
        {
            Assert.Null(await GrainOf(host).ReadAsync());
            await host.StopAsync(Cancelled);
        }
    }

    [Fact]
    public async Task Of_racing_writes_one_takes_effect_and_the_others_are_conflicts()
    {
        await using var host = await PostgresSilo.StartAsync(_database);
        var storage = host.Services.GetRequiredService<IGrainStorage>();
        var id = GrainOf(host).GetGrainId();

        var states = await RaceAsync(storage, id, etag: null);
        var first = Assert.Single(states, state => state.ETag is not null);
        Assert.Equal(1L, await CountAsync("select count(*) from OrleansStorage"));

        states = await RaceAsync(storage, id, first.ETag);
        var second = Assert.Single(states, state => state.ETag != first.ETag);
        var read = new GrainState<NoteState>();
        await storage.ReadStateAsync("note", id, read);
        Assert.Equal((second.State!.Text, second.ETag), (read.State!.Text, read.ETag));

        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("note", id, first));
        await storage.ClearStateAsync("note", id, read);
        await storage.ReadStateAsync("note", id, read);
        Assert.False(read.RecordExists);
        await host.StopAsync(Cancelled);
    }

    [Fact]
    public async Task A_range_of_reminders_may_run_over_the_end_of_the_ring()
    {
        await using var host = await PostgresSilo.StartAsync(_database);
        var table = RemindersOf(host);
        foreach (var at in Enumerable.Range(0, 50))
        {
            await table.UpsertRow(new ReminderEntry
            {
                GrainId = GrainId.Create("note", $"{at}"),
                ReminderName = "wake",
                StartAt = DateTime.UnixEpoch,
                Period = TimeSpan.FromDays(60),
            }, Cancelled);
        }

        const uint Low = 0x2000_0000, High = 0xE000_0000;
        var inside = (await table.ReadRows(Low, High, Cancelled)).Reminders;
        var outside = (await table.ReadRows(High, Low, Cancelled)).Reminders;

        Assert.All(inside, entry => Assert.InRange(entry.GrainId.GetUniformHashCode(), Low + 1, High));
        Assert.Equal(50, inside.Concat(outside).Select(entry => entry.GrainId).Distinct().Count());
        Assert.Equal(TimeSpan.FromDays(60), inside[0].Period);
        await host.StopAsync(Cancelled);
    }

    [Fact]
    public async Task A_reminder_that_has_changed_is_not_removed_by_who_did_not_see_it()
    {
        await using var host = await PostgresSilo.StartAsync(_database);
        var table = RemindersOf(host);
        var entry = new ReminderEntry
        {
            GrainId = GrainId.Create("note", "a"),
            ReminderName = "wake",
            StartAt = DateTime.UnixEpoch,
            Period = Hour,
        };
        var old = await table.UpsertRow(entry, Cancelled);
        var now = await table.UpsertRow(entry, Cancelled);

        Assert.False(await table.RemoveRow(entry.GrainId, "wake", old!, Cancelled));
        Assert.True(await table.RemoveRow(entry.GrainId, "wake", now!, Cancelled));
        await host.StopAsync(Cancelled);
    }

    /// <summary>Eight write at once; who loses keeps the etag that he came with.</summary>
    private static async Task<List<GrainState<NoteState>>> RaceAsync(IGrainStorage storage, GrainId id, string? etag)
    {
        var states = Enumerable.Range(0, 8).Select(at =>
            new GrainState<NoteState>(new NoteState { Text = $"{etag} {at}" }) { ETag = etag! }).ToList();
        await Task.WhenAll(states.Select(async state =>
        {
            try
            {
                await storage.WriteStateAsync("note", id, state);
            }
            catch (InconsistentStateException)
            {
            }
        }));
        return states;
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_database);
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Cancelled))!;
    }

    private static INoteGrain GrainOf(WebApplication host) =>
        host.Services.GetRequiredService<IGrainFactory>().GetGrain<INoteGrain>("note");

    private static IReminderTable RemindersOf(WebApplication host) =>
        host.Services.GetRequiredService<IReminderTable>();
}
