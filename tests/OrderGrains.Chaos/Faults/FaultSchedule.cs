namespace OrderGrains.Chaos.Faults;

/// <summary>The faults of a run, by their time. They may overlap.</summary>
public sealed record FaultSchedule(IReadOnlyList<FaultAct> Acts)
{
    public static FaultSchedule None { get; } = new([]);

    public static FaultSchedule Draw(ChaosOptions options) => FaultDraw.Draw(options);

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static FaultSchedule? TryParse(string text)
    {
        var acts = new List<FaultAct>();
        foreach (var part in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (FaultText.TryParse(part) is not { } act) return null;
            acts.Add(act);
        }

        return new FaultSchedule([.. acts.OrderBy(act => act.At)]);
    }

    public override string ToString() => string.Join("; ", Acts.Select(FaultText.Write));
}
