using System.Collections.Concurrent;

namespace OrderGrains.Storage.Sqlite;

/// <summary>
/// Runs its tasks on one thread of its own. SQLite blocks for as long as the disk takes: on a pool of two threads that
/// would be half of the web server.
/// </summary>
internal sealed class OneThreadScheduler : TaskScheduler, IDisposable
{
    private readonly BlockingCollection<Task> waiting = [];
    private readonly Thread thread;

    public OneThreadScheduler(string name)
    {
        thread = new Thread(Run) { IsBackground = true, Name = name };
        thread.Start();
    }

    public override int MaximumConcurrencyLevel => 1;

    public void Dispose() => waiting.CompleteAdding();

    protected override void QueueTask(Task task) => waiting.Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        Thread.CurrentThread == thread && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => waiting.ToArray();

    private void Run()
    {
        foreach (var task in waiting.GetConsumingEnumerable())
            TryExecuteTask(task);
        waiting.Dispose();
    }
}
