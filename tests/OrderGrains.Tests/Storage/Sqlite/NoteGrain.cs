namespace OrderGrains.Tests.Storage.Sqlite;

/// <summary>The smallest grain with a state and a reminder.</summary>
[Alias("OrderGrains.Tests.INoteGrain")]
public interface INoteGrain : IGrainWithStringKey
{
    [Alias("ReadAsync")]
    Task<string?> ReadAsync();

    [Alias("WriteAsync")]
    Task WriteAsync(string text);

    [Alias("ClearAsync")]
    Task ClearAsync();

    [Alias("RemindAsync")]
    Task RemindAsync(string name, TimeSpan period);

    [Alias("ForgetAsync")]
    Task ForgetAsync(string name);
}

public sealed class NoteGrain([PersistentState("note")] IPersistentState<NoteState> state)
    : Grain, INoteGrain, IRemindable
{
    public Task<string?> ReadAsync() => Task.FromResult(state.State.Text);

    public Task WriteAsync(string text)
    {
        state.State.Text = text;
        return state.WriteStateAsync();
    }

    public Task ClearAsync() => state.ClearStateAsync();

    public Task RemindAsync(string name, TimeSpan period) => this.RegisterOrUpdateReminder(name, period, period);

    public async Task ForgetAsync(string name) =>
        await this.UnregisterReminder((await this.GetReminder(name))!);

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;
}

public sealed class NoteState
{
    public string? Text { get; set; }
}
