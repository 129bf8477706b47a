namespace OrderGrains.Storage;

/// <summary>Times are stored as whole microseconds since 1970, UTC: what PostgreSQL keeps too.</summary>
internal static class StoredTime
{
    public static long Of(DateTimeOffset time) =>
        (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset Parse(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}
