namespace OrderGrains.Storage.Sqlite;

/// <summary>One caller's write within a group. It is run, and answered once the group is committed.</summary>
internal abstract class SqliteWork
{
    /// <summary>Why this item alone failed; null while it has not.</summary>
    public Exception? Failure { get; set; }

    public abstract void Run(SqliteSession session);

    /// <summary>Tells the caller what became of it. The group is committed.</summary>
    public abstract void Answer();

    /// <summary>The group was not committed, or nobody knows.</summary>
    public abstract void Fail(Exception failure);
}

internal sealed class SqliteWork<T>(Func<SqliteSession, T> act) : SqliteWork
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _outcome;

    public Task<T> Done => _done.Task;

    public override void Run(SqliteSession session) => _outcome = act(session);

    public override void Answer()
    {
        if (Failure is null)
            _done.SetResult(_outcome!);
        else
            _done.SetException(Failure);
    }

    public override void Fail(Exception failure) => _done.TrySetException(failure);
}
