namespace OrderGrains.Outbound;

/// <content>What a person may ask of a destination.</content>
internal sealed partial class DestinationGrain
{
    /// <summary>Ends with the next write of the state; null when nobody waits for one.</summary>
    private TaskCompletionSource? _saved;

    public async Task PauseAsync(string actor, string reason)
    {
        state.State.Pause = new Pause(actor, reason, time.GetUtcNow());
        await SaveAsync();
        Paused(_name, actor);
    }

    public async Task<bool> ResumeAsync()
    {
        if (state.State.Pause is null)
            return false;
        state.State.Pause = null;
        _more = true;
        await SaveAsync();
        Resumed(_name);
        return true;
    }

    /// <summary>Only the pump writes the state; ends when it has.</summary>
    private Task SaveAsync()
    {
        _unsaved = true;
        _saved ??= new TaskCompletionSource();
        var done = _saved.Task;
        this.AsReference<IDestinationGrain>().NudgeAsync().Ignore();
        return done;
    }
}
