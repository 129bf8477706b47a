using OrderGrains.Ingress;

namespace OrderGrains;

/// <summary>
/// Notices on a silo of a cluster that the process stood still, lets go of what it holds, and reads whether the others
/// go on with it: an agent.
/// </summary>
internal sealed partial class MembershipWatch(
    Membership membership, IMembershipTable table, ILocalSiloDetails silo, InboxPump pump, TimeProvider time,
    ILogger<MembershipWatch> log) : Agent
{
    /// <summary>
    /// Others declare a silo dead after three probes of 1.5 s at the soonest. A pause of 2 s is normal, and must not
    /// be noticed even when the machine is so loaded that this agent is late by another.
    /// </summary>
    public static readonly TimeSpan Tolerated = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(500);

    /// <summary>A read may wait on a connection that is dead; another then takes a new one.</summary>
    private static readonly TimeSpan ReadMax = TimeSpan.FromSeconds(5);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        membership.Begin();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(LookPeriod, time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            if (!membership.IsCertain && !membership.Excluded.IsCompleted)
                await FindOutAsync(stopping);
        }
    }

    private async Task FindOutAsync(CancellationToken stopping)
    {
        StoodStill(membership.Lasted.TotalSeconds);
        var noticed = time.GetTimestamp();
        var letGo = pump.LetGoAsync();
        while (!stopping.IsCancellationRequested)
        {
            // A standstill while it is read leaves a doubt of its own, and it is read again.
            var doubt = membership.Doubt();
            try
            {
                if (!await IsMemberAsync(stopping))
                {
                    membership.Exclude("the others declared this silo dead while it stood still");
                    return;
                }

                // What others may claim now must not come back under the old name.
                await letGo.WaitAsync(ReadMax, time, stopping);
                membership.Settle(doubt);
                StillMember(time.GetElapsedTime(noticed).TotalSeconds);
                pump.Wake();
                return;
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                NotRead(exception.GetType().Name);
            }

            await Task.Delay(LookPeriod, time, stopping);
        }
    }

    /// <summary>A row that is gone was a dead one's too: those are deleted in time.</summary>
    private async Task<bool> IsMemberAsync(CancellationToken stopping)
    {
        using var late = new CancellationTokenSource(ReadMax, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stopping);
        var rows = await table.ReadRowAsync(silo.SiloAddress, end.Token).WaitAsync(end.Token);
        return rows.Members is [var (entry, _), ..] && entry.Status != SiloStatus.Dead;
    }

    [LoggerMessage(1, LogLevel.Warning,
        "This process stood still for {Seconds:0.0} s; it takes no webhooks and applies nothing until it has read "
        + "whether it is still a member of the cluster", EventName = "membership.stood_still")]
    private partial void StoodStill(double seconds);

    [LoggerMessage(2, LogLevel.Information, "Still a member of the cluster, known after {Seconds:0.000} s",
        EventName = "membership.still_member")]
    private partial void StillMember(double seconds);

    [LoggerMessage(3, LogLevel.Warning, "The membership could not be read ({Exception}); again soon",
        EventName = "membership.not_read")]
    private partial void NotRead(string exception);
}
