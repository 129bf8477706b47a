using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;

namespace OrderGrains.Console;

/// <summary>What a page hears: <c>orderKey</c> is <c>*</c> when anything may have changed.</summary>
internal sealed record LiveEvent(string OrderKey, string? Status, DateTimeOffset? At);

/// <summary>The live feed as server-sent events, for the console's pages.</summary>
internal static class LiveEndpoint
{
    public const string Path = "/console/live";

    /// <summary>Silence after which a ping shows both ends that the line still holds.</summary>
    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(15);

    /// <summary>A burst becomes at most this many sends in a second.</summary>
    private static readonly TimeSpan SendEvery = TimeSpan.FromMilliseconds(250);

    public static Results<ServerSentEventsResult<LiveEvent>, StatusCodeHttpResult> Listen(
        LiveFeed feed, TimeProvider time, IHostApplicationLifetime lifetime, HttpContext context)
    {
        if (!feed.TrySubscribe(out var subscription))
            return TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
        context.Response.RegisterForDispose(subscription);
        // An open line must not hold up the process's end.
        var ended = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.RegisterForDispose(ended);
        return TypedResults.ServerSentEvents(EventsAsync(subscription, time, ended.Token));
    }

    private static async IAsyncEnumerable<SseItem<LiveEvent>> EventsAsync(
        LiveSubscription subscription, TimeProvider time, [EnumeratorCancellation] CancellationToken ended)
    {
        yield return Ping();
        Task<bool>? arrival = null;
        while (!ended.IsCancellationRequested)
        {
            arrival ??= subscription.Changes.WaitToReadAsync(ended).AsTask();
            if (await Task.WhenAny(arrival, Task.Delay(PingEvery, time, ended)) != arrival)
            {
                yield return Ping();
                continue;
            }

            arrival = null;
            if (subscription.TakeLost())
            {
                while (subscription.Changes.TryRead(out _)) { }
                yield return Changed(new LiveEvent("*", null, null));
            }

            while (subscription.Changes.TryRead(out var change))
                yield return Changed(new LiveEvent(change.OrderKey, change.Status.Word(), change.At));
            await Task.WhenAny(Task.Delay(SendEvery, time, ended));
        }
    }

    private static SseItem<LiveEvent> Ping() => new(new LiveEvent("", null, null), "ping");

    private static SseItem<LiveEvent> Changed(LiveEvent live) => new(live, "changed");
}
