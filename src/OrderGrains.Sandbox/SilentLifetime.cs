namespace OrderGrains.Sandbox;

/// <summary>
/// A host inside the sandbox takes no notice of Ctrl-C: the sandbox alone decides who stops, and in what order.
/// </summary>
internal sealed class SilentLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
