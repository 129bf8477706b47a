using System.Runtime.CompilerServices;

namespace OrderGrains;

/// <summary>
/// Grains by key. Orleans works out an interface's and a grain's type anew at each lookup, from attributes and names;
/// they stay as they are, so they are remembered.
/// </summary>
internal static class GrainLookup
{
    /// <summary>The grain of a key, as by <see cref="IGrainFactory"/>.</summary>
    public static TGrain Find<TGrain>(this IGrainFactory grains, string key)
        where TGrain : IGrainWithStringKey
    {
        if (!Known<TGrain>.Types.TryGetValue(grains, out var types))
        {
            var reference = (GrainReference)(object)grains.GetGrain<TGrain>(key);
            types = Known<TGrain>.Types.GetValue(
                grains, _ => new Pair(reference.GrainId.Type, reference.InterfaceType));
        }

        return (TGrain)grains.GetGrain(GrainId.Create(types.Grain, key), types.Interface);
    }

    private static class Known<TGrain>
    {
        public static readonly ConditionalWeakTable<IGrainFactory, Pair> Types = [];
    }

    private sealed record Pair(GrainType Grain, GrainInterfaceType Interface);
}
