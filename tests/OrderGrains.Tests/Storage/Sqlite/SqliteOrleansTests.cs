using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrderGrains.Chaos;
using OrderGrains.Storage;
using Orleans.Storage;
using Xunit;

namespace OrderGrains.Tests.Storage.Sqlite;

public sealed class SqliteOrleansTests : IDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Grain_state_and_reminders_survive_the_process()
    {
        var dueAt = default(DateTime);
        await using (var host = await StartAsync())
        {
            var grain = GrainOf(host);
            Assert.Null(await grain.ReadAsync());
            await grain.WriteAsync("first");
            await grain.WriteAsync("second");
            await grain.RemindAsync("wake", Hour);
            dueAt = (await RemindersOf(host).ReadRow(grain.GetGrainId(), "wake", Cancelled))!.StartAt;
            await host.StopAsync(Cancelled);
        }

        await using (var host = await StartAsync())
        {
            var grain = GrainOf(host);
            Assert.Equal("second", await grain.ReadAsync());
            var row = await RemindersOf(host).ReadRow(grain.GetGrainId(), "wake", Cancelled);
            Assert.Equal((Hour, dueAt, DateTimeKind.Utc), (row!.Period, row.StartAt, row.StartAt.Kind));
            Assert.Single((await RemindersOf(host).ReadRows(0, 0, Cancelled)).Reminders);

            await grain.ForgetAsync("wake");
            await grain.ClearAsync();
            Assert.Null(await RemindersOf(host).ReadRow(grain.GetGrainId(), "wake", Cancelled));
            await host.StopAsync(Cancelled);
        }

        await using (var host = await StartAsync())
        {
            Assert.Null(await GrainOf(host).ReadAsync());
            await host.StopAsync(Cancelled);
        }
    }

    [Fact]
    public async Task Of_two_first_writes_one_is_a_conflict()
    {
        await using var host = await StartAsync();
        var storage = host.Services.GetRequiredService<IGrainStorage>();
        var id = GrainOf(host).GetGrainId();
        GrainState<NoteState> one = new(new NoteState { Text = "one" }), two = new(new NoteState { Text = "two" });

        await storage.WriteStateAsync("note", id, one);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("note", id, two));

        await storage.ReadStateAsync("note", id, two);
        Assert.Equal(("one", one.ETag), (two.State!.Text, two.ETag));
        await storage.WriteStateAsync("note", id, two);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("note", id, one));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("note", id, one));
        await host.StopAsync(Cancelled);
    }

    [Fact]
    public async Task A_range_of_reminders_may_run_over_the_end_of_the_ring()
    {
        await using var host = await StartAsync();
        var table = RemindersOf(host);
        for (var at = 0; at < 50; at++)
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
        Assert.False(await table.RemoveRow(inside[0].GrainId, "wake", "99", Cancelled));
        Assert.True(await table.RemoveRow(inside[0].GrainId, "wake", inside[0].ETag!, Cancelled));
        await host.StopAsync(Cancelled);
    }

    private static INoteGrain GrainOf(WebApplication host) =>
        host.Services.GetRequiredService<IGrainFactory>().GetGrain<INoteGrain>("note");

    private static IReminderTable RemindersOf(WebApplication host) =>
        host.Services.GetRequiredService<IReminderTable>();

    private async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.Services.AddSqliteStorage(_directory.Path);
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(siloPort: LoopbackPort.Free(), gatewayPort: LoopbackPort.Free())
            .AddSqliteOrleans(_directory.Path));
        var host = builder.Build();
        await host.StartAsync(Cancelled);
        return host;
    }
}
