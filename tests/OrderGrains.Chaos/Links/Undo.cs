namespace OrderGrains.Chaos.Links;

/// <summary>Takes something back, once.</summary>
internal sealed class Undo(Action undo) : IDisposable
{
    private Action? _undo = undo;

    public void Dispose() => Interlocked.Exchange(ref _undo, null)?.Invoke();

    /// <summary>Takes all of these back.</summary>
    public static IDisposable All(IEnumerable<IDisposable> each)
    {
        var all = each.ToList();
        return new Undo(() => all.ForEach(one => one.Dispose()));
    }
}
