namespace OrderGrains;

/// <summary>A mistake made on purpose, so that the chaos run can prove that it would find it.</summary>
internal enum PlantedFault
{
    /// <summary>The 200 goes out before the receipt is committed.</summary>
    AcknowledgesEarly,

    /// <summary>The key of an event is not remembered, so the event takes effect each time it comes.</summary>
    ForgetsEvent,

    /// <summary>A write does not ask whether the row is still of the version that it was read at.</summary>
    SkipsFence,

    /// <summary>After an unknown outcome the release is sent again without a look-up.</summary>
    SkipsLookUp,

    /// <summary>What should wait for a person is put away.</summary>
    DropsParked,

    /// <summary>An order is not told that its stock has come, and no sweep finds it.</summary>
    LosesNudge,

    /// <summary>Units that an order needs no more stay reserved.</summary>
    KeepsUnits,
}

/// <summary>
/// Which mistake this process makes: the one named by <c>ORDERGRAINS_PLANTED</c>, in a build with the property
/// <c>Planted</c>; none in any other.
/// </summary>
internal static class Planted
{
#if PLANTED
    private static readonly PlantedFault? Fault =
        Enum.TryParse<PlantedFault>(Environment.GetEnvironmentVariable("ORDERGRAINS_PLANTED"), out var fault)
            ? fault : null;

    public static bool Is(PlantedFault fault) => Fault == fault;
#else
    public static bool Is(PlantedFault fault) => false;
#endif
}
