namespace OrderGrains.Chaos.Faults;

/// <summary>The faults of a run, by their time. They may overlap.</summary>
public sealed record FaultSchedule(IReadOnlyList<FaultAct> Acts)
{
    public static FaultSchedule None { get; } = new([]);

    public static FaultSchedule Draw(ChaosOptions options) => throw new NotSupportedException();

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static FaultSchedule? TryParse(string text) => throw new NotSupportedException();

    public override string ToString() => throw new NotSupportedException();
}
