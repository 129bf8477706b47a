using OrderGrains.Storage;
using Xunit;

namespace OrderGrains.Tests.Storage;

public sealed class GroupLoaderTests
{
    [Fact]
    public async Task Keys_that_wait_at_the_same_time_share_one_query()
    {
        var queries = new List<int[]>();
        var begun = new SemaphoreSlim(0);
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var loader = new GroupLoader<int, string>(async keys =>
        {
            queries.Add([.. keys.Order()]);
            begun.Release();
            await opened.Task;
            return keys.Where(key => key != 3).ToDictionary(key => key, key => $"row {key}");
        });

        var first = loader.LoadAsync(0);
        await begun.WaitAsync(TestContext.Current.CancellationToken);
        var second = loader.LoadAsync(9);
        await begun.WaitAsync(TestContext.Current.CancellationToken);
        int[] gathered = [1, 2, 1, 3];
        var rest = gathered.Select(loader.LoadAsync).ToArray();
        opened.SetResult();

        Assert.Equal("row 0", await first);
        Assert.Equal("row 9", await second);
        Assert.Equal(["row 1", "row 2", "row 1", null], await Task.WhenAll(rest), StringComparer.Ordinal);
        Assert.Equal([[0], [9], [1, 2, 3]], queries);
    }

    [Fact]
    public async Task A_key_that_takes_long_holds_up_no_other()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var loader = new GroupLoader<int, string>(async keys =>
        {
            if (keys.Contains(0))
            {
                begun.SetResult();
                await slow.Task;
            }

            return keys.ToDictionary(key => key, key => $"row {key}");
        });

        var hot = loader.LoadAsync(0);
        await begun.Task;
        for (var key = 1; key < 10; key++)
            Assert.Equal($"row {key}", await loader.LoadAsync(key));
        Assert.False(hot.IsCompleted);
        slow.SetResult();
        Assert.Equal("row 0", await hot);
    }

    [Fact]
    public async Task A_failed_query_fails_its_callers_and_not_the_next()
    {
        var fails = true;
        await using var loader = new GroupLoader<int, string>(keys => fails
            ? Task.FromException<Dictionary<int, string>>(new StorageException("gone"))
            : Task.FromResult(keys.ToDictionary(key => key, key => $"row {key}")));

        await Assert.ThrowsAsync<StorageException>(() => loader.LoadAsync(1));
        fails = false;

        Assert.Equal("row 1", await loader.LoadAsync(1));
    }
}
