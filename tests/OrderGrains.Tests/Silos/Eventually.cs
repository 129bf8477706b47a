using System.Runtime.CompilerServices;
using OrderGrains.Sandbox;
using Xunit;

namespace OrderGrains.Tests.Silos;

/// <summary>What must come true soon, on whichever thread it happens.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(10);

    public static async Task TrueAsync(
        Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        if (!await HoldsAsync(condition))
            Assert.Fail($"It did not come true: {what}");
    }

    public static Task TrueAsync(
        Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        TrueAsync(() => Task.FromResult(condition()), what);

    /// <summary>Fails with the last value that it saw.</summary>
    public static async Task EqualAsync<T>(T expected, Func<Task<T>> actual)
    {
        var last = default(T);
        await HoldsAsync(async () => EqualityComparer<T>.Default.Equals(expected, last = await actual()));
        Assert.Equal(expected, last);
    }

    private static Task<bool> HoldsAsync(Func<Task<bool>> condition) => Until.TrueAsync(
        _ => condition(), Deadline, TimeProvider.System, TestContext.Current.CancellationToken, Beat);
}
