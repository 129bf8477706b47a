using System.Collections.Concurrent;

namespace OrderGrains.Storage.Sqlite;

/// <summary>
/// Runs its tasks on one thread of its own. SQLite blocks for as long as the disk takes: on a pool of two threads that
/// would be half of the web server.
/// </summary>
internal sealed class OneThreadScheduler : TaskScheduler, IDisposable
{
    private readonly BlockingCollection<Task> _waiting = [];
    private readonly Thread _thread;

    public OneThreadScheduler(string name)
    {
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    public override int MaximumConcurrencyLevel => 1;

    public void Dispose() => _waiting.CompleteAdding();

    protected override void QueueTask(Task task) => _waiting.Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        Thread.CurrentThread == _thread && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => _waiting.ToArray();

    private void Run()
    {
        foreach (var task in _waiting.GetConsumingEnumerable())
            TryExecuteTask(task);
        _waiting.Dispose();
    }
}
