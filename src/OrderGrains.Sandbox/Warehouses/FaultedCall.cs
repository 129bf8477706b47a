using System.Text;

namespace OrderGrains.Sandbox.Warehouses;

/// <summary>One call as it goes under a fault.</summary>
internal sealed class FaultedCall(HttpContext context, WarehouseCall call, WarehouseBook? book, TimeProvider time)
{
    /// <summary>Where redirects point. Nobody may follow one: nobody said that orders may go there.</summary>
    public const string ElsewherePath = "/elsewhere";

    /// <summary>Serves a call under the script's next fault.</summary>
    /// <param name="context">The request.</param>
    /// <param name="call">What it asks.</param>
    /// <param name="faults">The script.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="admit">Null when the call may go on; otherwise what it is answered.</param>
    /// <param name="act">Serves it.</param>
    public static async Task ServeAsync(
        HttpContext context, WarehouseCall call, FaultScript faults, TimeProvider time,
        Func<HttpContext, IResult?> admit, Func<IResult> act)
    {
        var gone = context.RequestAborted;
        try
        {
            var result = admit(context)
                ?? await new FaultedCall(context, call, null, time).MeetAsync(faults.Next(call), act);
            await result.ExecuteAsync(context);
        }
        catch (Exception end) when (gone.IsCancellationRequested && end is OperationCanceledException or IOException)
        {
            // The caller hung up: there is nobody to answer.
        }
    }

    /// <param name="fault">What it meets.</param>
    /// <param name="act">Serves it.</param>
    public async Task<IResult> MeetAsync(Fault fault, Func<IResult> act)
    {
        var gone = context.RequestAborted;
        switch (fault)
        {
            case Fault.Status status:
                if (status.RetryAfter is { } after)
                    context.Response.Headers.RetryAfter = Math.Ceiling(after.TotalSeconds).ToString("0");
                return Problem(status.Code);
            case Fault.HangBefore before:
                await Task.Delay(before.Duration, time, gone);
                return act();
            case Fault.HangAfter later:
                var done = act();
                await Task.Delay(later.Duration, time, gone);
                return done;
            case Fault.Drip drip:
                return new Dripped(act(), drip.Duration, time);
            case Fault.Garbage garbage:
                if (garbage.Done) act();
                return garbage.Body.Length == 0
                    ? Results.StatusCode(garbage.Code)
                    : Results.Text(garbage.Body, "application/json", Encoding.UTF8, garbage.Code);
            case Fault.Huge huge:
                if (huge.Done) act();
                return new Endless(huge.BodyBytes);
            case Fault.Abort abort:
                if (abort.Done) act();
                context.Abort();
                return Results.Empty;
            case Fault.Refuse refuse when call.Kind is CallKind.TakeOrder && book?.TryRefuse(call.Subject) == true:
                if (refuse.Code is >= 300 and < 400)
                    context.Response.Headers.Location = $"{ElsewherePath}{context.Request.Path}";
                return Problem(refuse.Code);
            default:
                return act();
        }
    }

    private static IResult Problem(int code) =>
        Results.Problem("The make-believe warehouse was told to answer so", statusCode: code);

    /// <summary>Another's answer, byte by byte.</summary>
    private sealed class Dripped(IResult inner, TimeSpan duration, TimeProvider time) : IResult
    {
        public async Task ExecuteAsync(HttpContext context)
        {
            var wire = context.Response.Body;
            using var whole = new MemoryStream();
            context.Response.Body = whole;
            try
            {
                await inner.ExecuteAsync(context);
            }
            finally
            {
                context.Response.Body = wire;
            }
            var bytes = whole.ToArray();
            for (var at = 0; at < bytes.Length; at++)
            {
                await wire.WriteAsync(bytes.AsMemory(at, 1), context.RequestAborted);
                await wire.FlushAsync(context.RequestAborted);
                await Task.Delay(duration / bytes.Length, time, context.RequestAborted);
            }
        }
    }

    /// <summary>A body that nobody should hold in memory.</summary>
    private sealed class Endless(long bytes) : IResult
    {
        private static readonly byte[] Start = "{\"padding\":\""u8.ToArray();
        private static readonly byte[] More = [.. Enumerable.Repeat((byte)'x', 64 * 1024)];

        public async Task ExecuteAsync(HttpContext context)
        {
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(Start, context.RequestAborted);
            for (var left = bytes - Start.Length; left > 0; left -= More.Length)
            {
                var now = (int)Math.Min(left, More.Length);
                await context.Response.Body.WriteAsync(More.AsMemory(0, now), context.RequestAborted);
            }
        }
    }
}
