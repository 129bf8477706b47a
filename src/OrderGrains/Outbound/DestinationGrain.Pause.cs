namespace OrderGrains.Outbound;

/// <content>What a person may ask of a destination.</content>
internal sealed partial class DestinationGrain
{
    /// <summary>Ends with the next write of the state; null when nobody waits for one.</summary>
    private TaskCompletionSource? saved;

    public async Task PauseAsync(string actor, string reason)
    {
        state.State.Pause = new Pause(actor, reason, time.GetUtcNow());
        await SaveAsync();
        Paused(name, actor);
    }

    public async Task<bool> ResumeAsync()
    {
        if (state.State.Pause is null)
            return false;
        state.State.Pause = null;
        more = true;
        await SaveAsync();
        Resumed(name);
        return true;
    }

    /// <summary>Only the pump writes the state; ends when it has.</summary>
    private Task SaveAsync()
    {
        unsaved = true;
        saved ??= new TaskCompletionSource();
        var done = saved.Task;
        this.AsReference<IDestinationGrain>().NudgeAsync().Ignore();
        return done;
    }
}
